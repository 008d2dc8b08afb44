# The README's commands. Each brings the Debian packages that it needs, and nothing else.

SWIFT ?= swift

.PHONY: build check test e2e faults demo bench bench-fleet bench-inventory bench-templates fuzz

# The program, at .build/release/orchestrate. Swift's libraries are in it: it starts in half the time, and runs where
# there is no toolchain.
build:
	Scripts/install-packages build
	$(SWIFT) build -c release --static-swift-stdlib --product orchestrate

# Style, layers, generated manual, and all tests that need no lab.
check:
	./check

# All that a change must pass.
test:
	Scripts/install-packages build test
	./check

# The main job on the lab's twins, from bare hosts to a cluster that survives a failover; with SYSTEM=name, that
# inventory and the checks of its document. As root.
e2e: build
ifdef SYSTEM
	Scripts/e2e-system $(SYSTEM)
else
	Scripts/e2e
	Scripts/e2e-hardships
endif

# Links that are cut, servers that are killed, hosts that never answer. As root; needs no lab.
faults: build
	Scripts/install-packages test
	Scripts/e2e-faults

# The main job on the lab's twins, to look at.
demo: build
	Scripts/demo

# Round trips and time of a converged playbook, beside ansible-core, mitogen and pyinfra.
bench: build
	Scripts/install-packages bench
	Scripts/bench

# A thousand hosts at once: the controller's memory and processor time. Every host is this machine.
bench-fleet: build
	Scripts/install-packages bench test
	Scripts/bench-fleet

# Inventories of up to 10,000 hosts and vaulted files, beside ansible-inventory. PYTHON has ansible-core 2.19.
PYTHON ?= python3
bench-inventory: build
	$(PYTHON) Scripts/bench-inventory

# Templates beside Jinja2 and MiniJinja, all in one run. Needs pip's jinja2 and minijinja.
bench-templates: build
	Scripts/bench-templates

# Ten minutes of random templates, inventories, patterns and vaults; what breaks a reader is kept as a test's case.
fuzz:
	Scripts/fuzz -t 600 templates INIInventory HostPattern vaults
