"""Redis goes away, hangs, comes back empty: limits are counted by each process meanwhile, nobody waits and nobody is signed out."""

import shutil
import signal
import subprocess
import time

import pytest
import redis

from tests.performance.servers import free_port


class Redis:
    """A server of our own, to be stopped and started."""

    def __init__(self, folder):
        self.folder, self.port, self.process = folder, free_port(), None
        self.url = f"redis://127.0.0.1:{self.port}"

    def start(self):
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        client = redis.Redis.from_url(self.url, socket_timeout=1)
        for _ in range(100):
            try:
                return client.ping()
            except redis.ConnectionError:
                time.sleep(0.05)
            finally:
                client.close()
        raise AssertionError("redis-server does not answer")

    def tell(self, number):
        self.process.send_signal(number)
        if number == signal.SIGKILL:
            self.process.wait()


@pytest.fixture
def server(tmp_path):
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is not installed")
    made = Redis(tmp_path)
    made.start()
    yield made
    made.tell(signal.SIGCONT)
    made.tell(signal.SIGKILL)


def guess(app, login):
    return app.test_client().post("/masuk", data={"login": login, "password": "salah sekali"}).status_code


@pytest.mark.parametrize("fault", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "hanging"])
def test_without_redis_pages_come_and_limits_hold(make_app, sign_in, server, fault):
    app = make_app(limits=server.url)
    client = sign_in(app)
    assert guess(app, "a@b.id") == 422
    server.tell(fault)
    began = time.monotonic()
    codes = [guess(app, "c@d.id") for _ in range(11)]
    took = time.monotonic() - began
    assert codes == [422] * 10 + [429]
    assert took < 8, f"{took:.1f} s: the hanging server was asked each time"
    assert client.get("/akun").status_code == 200
    if fault == signal.SIGKILL:
        server.start()
    else:
        server.tell(signal.SIGCONT)
    assert client.get("/akun").status_code == 200
    assert guess(app, "e@f.id") == 422


def test_a_site_starts_without_its_redis(make_app):
    app = make_app(limits=f"redis://127.0.0.1:{free_port()}")
    assert guess(app, "a@b.id") == 422
    assert app.test_client().get("/healthz").status_code == 200
