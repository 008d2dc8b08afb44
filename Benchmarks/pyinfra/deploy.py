"""The tasks of site.yml, as pyinfra has them."""

from io import StringIO
from pathlib import Path

from pyinfra import host, inventory
from pyinfra.facts.files import File, Link
from pyinfra.facts.hardware import Cpus, Ipv4Addrs, Memory, NetworkDevices
from pyinfra.facts.server import Date, Hostname, Kernel, KernelVersion, LinuxDistribution, Mounts
from pyinfra.operations import apt, files, server, systemd

HERE = Path(__file__).resolve().parent
COMMON = HERE.parent
USER, PORT = "app", 8080
SETTINGS = {"cache": "64M", "level": "info", "retries": 3, "timeout": "30s"}

# What gather_facts reads, as far as pyinfra has it.
for fact in (Hostname, Kernel, KernelVersion, LinuxDistribution, Date, Mounts, Cpus, Memory, NetworkDevices, Ipv4Addrs):
    host.get_fact(fact)

apt.packages(name="Tools", packages=["rsync", "jq", "tree"])
apt.packages(name="Web server", packages=["nginx-light"])
apt.packages(name="Scheduler", packages=["cron", "logrotate"])
apt.packages(name="No bash completion", packages=["bash-completion"], present=False)

server.group(name="Application group", group=USER, system=True)
server.group(name="Deployers' group", group="deploy", gid=4100)
server.user(
    name="Application user",
    user=USER,
    group=USER,
    system=True,
    shell="/usr/sbin/nologin",
    home="/var/lib/app",
    ensure_home=False,
)
server.user(name="Deployer", user="deploy", uid=4100, group="deploy", groups=[USER], append=True, shell="/bin/bash")

files.directory(name="Configuration folder", path="/etc/app", user="root", group="root", mode="755")
files.directory(name="Configuration parts", path="/etc/app/conf.d", user="root", group="root", mode="755")
files.directory(name="State folder", path="/var/lib/app", user=USER, group=USER, mode="750")
files.directory(name="Log folder", path="/var/log/app", user=USER, group=USER, mode="750")
files.directory(name="Releases", path="/srv/app/releases/1", user="deploy", group="deploy", mode="755")
files.link(name="Current release", path="/srv/app/current", target="/srv/app/releases/1")
site = files.link(name="No default site", path="/etc/nginx/sites-enabled/default", present=False)

files.put(name="Version", src=StringIO("1.0.0\n"), dest="/etc/app/version", mode="644")
files.put(name="Limits", src=str(COMMON / "files/limits.conf"), dest="/etc/security/limits.d/60-app.conf", mode="644")
files.put(name="Check program", src=str(COMMON / "files/app-check"), dest="/usr/local/bin/app-check", mode="755")
files.put(name="Message of the day", src=StringIO("bench-app: ask the deployers\n"), dest="/etc/motd", mode="644")
kernel = files.put(
    name="Kernel settings", src=StringIO("net.core.somaxconn = 1024\n"), dest="/etc/sysctl.d/60-app.conf", mode="644"
)

system = host.get_fact(LinuxDistribution)
known = {
    "app_name": "bench-app",
    "app_user": USER,
    "app_port": PORT,
    "app_settings": SETTINGS,
    "inventory_hostname": host.name,
    "ansible_facts": {
        "hostname": host.get_fact(Hostname),
        "distribution": system["release_meta"]["ID"].capitalize(),
        "distribution_major_version": system["major"],
    },
    "groups": {"bench": [peer.name for peer in inventory]},
    "hostvars": {peer.name: {"ansible_host": peer.data.get("ssh_hostname")} for peer in inventory},
}


def template(name, source, dest, **options):
    return files.template(
        name=name,
        src=str(COMMON / "templates" / source),
        dest=dest,
        jinja_env_kwargs={"trim_blocks": True},
        **options,
        **known,
    )


main = template("Main configuration", "app.conf.j2", "/etc/app/app.conf", group=USER, mode="640")
peers = template("Peers", "peers.conf.j2", "/etc/app/conf.d/peers.conf", mode="644")
unit = template("Unit", "app.service.j2", "/etc/systemd/system/bench-app.service", mode="644")
web = template("Site", "app-nginx.conf.j2", "/etc/nginx/conf.d/app.conf", mode="644")

files.line(name="Default umask", path="/etc/login.defs", line=r"^UMASK\s.*$", replace="UMASK 027")
files.line(name="Application's environment", path="/etc/default/app", line=f"APP_PORT={PORT}")
files.line(
    name="Application's mode", path="/etc/default/app", line="^APP_MODE=.*$", replace="APP_MODE=production"
)
files.line(
    name="Administrator's mail", path="/etc/environment", line="^ADMIN_MAIL=.*$", replace="ADMIN_MAIL=root@localhost"
)
files.block(
    name="Deployers may restart",
    path="/etc/sudoers.d/deploy",
    content="deploy ALL=(root) NOPASSWD: /usr/bin/systemctl restart bench-app",
    marker="# {mark} ANSIBLE MANAGED BLOCK",
    try_prevent_shell_expansion=True,
)

systemd.service(name="Application runs", service="bench-app", running=True, enabled=True)
systemd.service(name="Web server runs", service="nginx", running=True, enabled=True)
systemd.service(name="Scheduler runs", service="cron", running=True, enabled=True)
systemd.service(name="No fetching of packages on its own", service="apt-daily.timer", running=False, enabled=False)

if not host.get_fact(File, path="/var/lib/app/database"):
    server.shell(name="Database", commands=["touch /var/lib/app/database"])
if not host.get_fact(File, path="/etc/app/key"):
    server.shell(name="Key", commands=["umask 077; head -c 32 /dev/urandom > /etc/app/key"])
# Names, All is there: Python does them.
database = host.get_fact(File, path="/var/lib/app/database")
release = host.get_fact(Link, path="/srv/app/current")
url = f"http://{host.data.ssh_hostname}:{PORT}/"
assert "8080" in url
if not host.get_fact(File, path="/var/lib/app/first-start"):
    server.shell(name="First start", commands=["touch /var/lib/app/first-start"])

if kernel.will_change:
    server.shell(name="Load kernel settings", commands=["sysctl --load /etc/sysctl.d/60-app.conf"])
if main.will_change or peers.will_change or unit.will_change:
    systemd.service(name="Restart application", service="bench-app", restarted=True, daemon_reload=True)
if site.will_change or web.will_change:
    systemd.service(name="Reload nginx", service="nginx", reloaded=True)
