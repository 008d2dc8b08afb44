"""Times one engine on one workload, in a process of its own: template-engines.py ENGINE WORKLOAD SCALE REPEAT.

Prints {"parse": seconds, "compile": …, "render": …, "peak_kib": …, "digest": …} of the fastest
repetition. Engines: jinja2 (compiled templates, warm), minijinja, orchestrate (ORCHESTRATE names
the program). Called by Scripts/bench-templates.
"""
import hashlib
import json
import os
import resource
import subprocess
import sys
import time

CONFIGURATION = """global
  log /dev/log local0
  maxconn {{ maxconn | default(2000) }}
{% for s in services %}
frontend {{ s.name }}
  bind {{ s.address }}:{{ s.port }}{% if s.tls %} ssl crt /etc/ssl/{{ s.name }}.pem{% endif %}

  mode {{ 'tcp' if s.tls else 'http' }}
  default_backend be_{{ s.name | lower }}
backend be_{{ s.name | lower }}
  balance {{ s.balance | default('roundrobin') }}
{%- for h in s.hosts %}

  server {{ h.name }} {{ h.ip }}:{{ s.port + loop.index }} check weight {{ h.weight * 10 }}{% if not loop.first %} backup{% endif %}
{%- endfor %}

{% endfor %}
"""


def configuration(scale):
    """A file of about 1,000 lines for each unit of scale."""
    services = [
        {"name": f"Svc{n}", "address": f"10.0.{n % 250}.1", "port": 8000 + n, "tls": n % 3 == 0,
         "hosts": [{"name": f"h{n}-{m}", "ip": f"10.1.{n % 250}.{m}", "weight": m + 1}
                   for m in range(12)]}
        for n in range(50 * scale)]
    return CONFIGURATION, {"services": services, "maxconn": 4000}, {}


def expressions(scale):
    """10,000 small expressions for each unit of scale."""
    kinds = ["{{ a + %d }}", "{{ name | upper }}", "{{ d.x }}-{{ d['y'] }}", "{{ l[%d %% 3] }}",
             "{{ 'yes' if a > %d else 'no' }}", "{{ name ~ '-%d' }}", "{{ missing | default(%d) }}",
             "{{ a is defined and a < %d }}", "{{ l | join(',') }}", "{{ (a * 2 + %d) // 3 }}"]
    lines = [kinds[n % 10] % n if "%d" in kinds[n % 10] else kinds[n % 10]
             for n in range(10_000 * scale)]
    return "\n".join(lines), {"a": 5, "name": "web", "d": {"x": 1, "y": "z"}, "l": [1, 2, 3]}, {}


def inheritance(scale):
    """Forty templates, each extending the one before, with ten blocks."""
    depth = 40
    blocks = "".join(f"<{{% block b{n} %}}{n}{{% endblock %}}>\n" for n in range(10))
    templates = {"t0": "head {{ title }}\n" + blocks}
    for level in range(1, depth):
        templates[f"t{level}"] = f"{{% extends 't{level - 1}' %}}" + "".join(
            f"{{% block b{n} %}}{{{{ super() }}}}.{level}{{% for x in items %}}{{{{ x }}}}"
            "{% endfor %}{% endblock %}" for n in range(level % 3, 10, 3))
    source = f"{{% extends 't{depth - 1}' %}}{{% block b0 %}}{{{{ super() }}}}!{{% endblock %}}"
    return source, {"title": "T", "items": list(range(5 * scale))}, templates


WORKLOADS = {"configuration": configuration, "expressions": expressions, "inheritance": inheritance}


def fastest(repeat, work):
    best, result = None, None
    for _ in range(repeat):
        start = time.perf_counter()
        result = work()
        took = time.perf_counter() - start
        best = took if best is None else min(best, took)
    return best, result


def run_jinja2(source, variables, templates, repeat):
    import jinja2
    environment = jinja2.Environment(loader=jinja2.DictLoader(templates))
    # To parse alone, and what a template costs before its first rendering: seconds for 10,000
    # expressions, and ten times that for ten times as many, so less often than is rendered.
    few = 3 if repeat > 5 else 1
    parse, _ = fastest(few, lambda: environment.parse(source))
    compiled, template = fastest(few, lambda: environment.from_string(source))
    template.render(variables)
    render, text = fastest(repeat, lambda: template.render(variables))
    return {"parse": parse, "compile": compiled, "render": render}, text


def run_minijinja(source, variables, templates, repeat):
    import minijinja
    environment = minijinja.Environment(templates=templates)
    parse, _ = fastest(repeat, lambda: environment.add_template("main", source))
    environment.render_template("main", **variables)
    render, text = fastest(repeat, lambda: environment.render_template("main", **variables))
    return {"parse": parse, "compile": parse, "render": render}, text


def run_orchestrate(source, variables, templates, repeat):
    request = {"id": 1, "source": source, "vars": variables, "templates": templates,
               "options": {"repeat": repeat}}
    done = subprocess.run(
        [os.environ["ORCHESTRATE"], "template", "--batch"], input=json.dumps(request) + "\n",
        capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    if "error" in answer:
        sys.exit(f"orchestrate: {answer['error']}")
    times = {"parse": answer["parse_seconds"], "compile": answer["parse_seconds"],
             "render": answer["render_seconds"]}
    return times, answer["output"]


def main():
    engine, workload, scale, repeat = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    times, text = globals()[f"run_{engine}"](*WORKLOADS[workload](scale), repeat)
    who = resource.RUSAGE_CHILDREN if engine == "orchestrate" else resource.RUSAGE_SELF
    times["peak_kib"] = resource.getrusage(who).ru_maxrss
    times["digest"] = hashlib.sha256(text.encode()).hexdigest()[:12]
    print(json.dumps(times))


main()
