"""An external plugin in plain Python: answers /hello. WEBHOOK_SECRET, GITHUB_TOKEN and PORT come from the environment."""
import hashlib, hmac, json, os, re, urllib.error, urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = os.environ["WEBHOOK_SECRET"].encode()
HELP = {"Description": "Greets whoever asks for it.", "Commands": [
    {"Usage": "/hello", "Description": "Says hello.", "Examples": ["/hello"], "WhoCanUse": "Anyone"}]}

def handle(event, payload):
    if event != "issue_comment" or payload["action"] != "created": return
    if not re.search(r"(?im)^/hello\s*$", payload["comment"]["body"]): return
    text = json.dumps({"body": f"Hello, @{payload['comment']['user']['login']}."}).encode()
    headers = {"Authorization": f"token {os.environ['GITHUB_TOKEN']}", "Content-Type": "application/json"}
    urllib.request.urlopen(urllib.request.Request(payload["issue"]["comments_url"], text, headers), timeout=20)

class Plugin(BaseHTTPRequestHandler):
    timeout = 30  # a client that says nothing is cut off

    def do_GET(self):
        self.answer(*((200, "OK") if self.path == "/healthz" else (405, "405 Method not allowed")))

    def do_POST(self):
        size = int(self.headers.get("Content-Length", 0))
        if size > 25 << 20: return self.answer(413, "GitHub sends 25 MB at most")
        body = self.rfile.read(size)
        if self.path == "/help": return self.answer(200, json.dumps(HELP))
        for name, status in [("X-GitHub-Event", 400), ("X-GitHub-Delivery", 400), ("X-Hub-Signature-256", 403)]:
            if not self.headers.get(name): return self.answer(status, f"Missing {name}")
        if self.headers.get("Content-Type") != "application/json": return self.answer(400, "Not application/json")
        signature = "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest()  # over the bytes as they came
        if not hmac.compare_digest(signature.encode(), self.headers["X-Hub-Signature-256"].encode()):
            return self.answer(403, "Invalid X-Hub-Signature-256")
        try: handle(self.headers["X-GitHub-Event"], json.loads(body))
        except urllib.error.URLError as error: return self.answer(503, f"GitHub: {error}")  # hook sends it again
        except ValueError: return self.answer(400, "Not JSON")
        self.answer(200, "Event received. Have a nice day.")

    def answer(self, status, text):
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())

ThreadingHTTPServer(("", int(os.environ.get("PORT", 8888))), Plugin).serve_forever()
