#pragma once
#include <errno.h>
#include <libssh2.h>
#include <stdlib.h>
#include <sys/types.h>

/// Makes a pipe whose ends no other child inherits; the C library shows it to GNU sources alone.
int pipe2(int ends[2], int flags);

/// Has a child close all files from a number on; the C library shows it to GNU sources alone.
static inline int cssh2_close_from(void *actions, int first) {
  extern int posix_spawn_file_actions_addclosefrom_np(void *, int);
  return posix_spawn_file_actions_addclosefrom_np(actions, first);
}

/// Takes bytes that libssh2 wants to send; the last argument is the session's abstract pointer.
typedef ssize_t (*cssh2_send_function)(libssh2_socket_t, const void *, size_t, int, void **);
/// Gives libssh2 received bytes, or -EAGAIN; the last argument is the session's abstract pointer.
typedef ssize_t (*cssh2_receive_function)(libssh2_socket_t, void *, size_t, int, void **);
/// Hears why the server disconnects.
typedef void (*cssh2_disconnect_function)(
    LIBSSH2_SESSION *, int, const char *, int, const char *, int, void **);

/// Sets a session's callbacks. Libssh2 takes functions as `void *` (which 1.11 calls deprecated),
/// and Swift can't make that cast.
static inline void cssh2_set_callbacks(
    LIBSSH2_SESSION *session, cssh2_send_function send, cssh2_receive_function receive,
    cssh2_disconnect_function disconnect) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  libssh2_session_callback_set(session, LIBSSH2_CALLBACK_SEND, (void *)send);
  libssh2_session_callback_set(session, LIBSSH2_CALLBACK_RECV, (void *)receive);
  libssh2_session_callback_set(session, LIBSSH2_CALLBACK_DISCONNECT, (void *)disconnect);
#pragma GCC diagnostic pop
}
