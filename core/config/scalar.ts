/** How sigs.k8s.io/yaml writes a scalar into a text field: floats in 32 bits, as short as they can be. */
export function textOfScalar(value: unknown): string {
  if (typeof value !== 'number') return String(value);
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? String(value) : shortFloat(value);
}

/** Go's strconv.FormatFloat(value, 'g', -1, 32). */
function shortFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  const single = Math.fround(value);
  if (!Number.isFinite(single)) return single > 0 ? '+Inf' : '-Inf';
  let digits = 1;
  while (digits < 9 && Math.fround(Number(single.toPrecision(digits))) !== single) digits++;
  const [mantissa = '', power = '0'] = single.toExponential(digits - 1).split('e');
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 6) return String(Number(single.toPrecision(digits)));
  const padded = String(Math.abs(exponent)).padStart(2, '0');
  return `${mantissa.replace(/\.?0+$/, '')}e${exponent < 0 ? '-' : '+'}${padded}`;
}
