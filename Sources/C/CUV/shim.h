#pragma once
#include <uv.h>

/* Declared by glibc only under _GNU_SOURCE. */
int pthread_setname_np(pthread_t thread, const char *name);
