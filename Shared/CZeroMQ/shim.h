#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <zmq.h>

/// Names the calling thread. pthread_setname_np is hidden from Swift (it needs _GNU_SOURCE) and prctl is variadic.
static inline void czmq_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }
