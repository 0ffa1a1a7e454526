// Labels and annotations that Prow puts on ProwJobs and pods (Prow: pkg/kube/prowjob.go).
export const CREATED_BY_PROW = 'created-by-prow';
export const JOB_TYPE = 'prow.k8s.io/type';
export const JOB_ID = 'prow.k8s.io/id';
export const BUILD_ID = 'prow.k8s.io/build-id';
/** Both a label (shortened to 63 characters) and an annotation (whole). */
export const JOB = 'prow.k8s.io/job';
/** Both a label (shortened to 63 characters) and an annotation (whole). */
export const CONTEXT = 'prow.k8s.io/context';
export const PLANK_VERSION = 'prow.k8s.io/plank-version';
export const ORG = 'prow.k8s.io/refs.org';
export const REPO = 'prow.k8s.io/refs.repo';
export const BASE_REF = 'prow.k8s.io/refs.base_ref';
export const PULL = 'prow.k8s.io/refs.pull';
export const RETEST = 'prow.k8s.io/retest';
export const IS_OPTIONAL = 'prow.k8s.io/is-optional';
export const RERUN = 'prow.k8s.io/re-run';
/** The delivery that a job was started by. */
export const EVENT_GUID = 'event-GUID';

// Annotations of our own.
/** On jobs that a repository declares itself: what they name of the operator's (`fromRepository`). */
export const FROM_REPOSITORY = 'cutwater/from-repository';
/** On pods of this machine: what decoration made of which container. */
export const UTILITIES = 'cutwater/pod-utilities';
