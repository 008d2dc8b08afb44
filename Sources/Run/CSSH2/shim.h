#pragma once
#include <errno.h>
#include <libssh2.h>
