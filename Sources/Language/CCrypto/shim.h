#pragma once
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

/// `EVP_PKEY_KEYPAIR`, a macro that Swift doesn't see.
static inline int ccrypto_key_pair(void) { return EVP_PKEY_KEYPAIR; }
