/* OpenSSL's libcrypto. */
#ifndef AKOOL_CCRYPTO_SHIM_H
#define AKOOL_CCRYPTO_SHIM_H

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

static inline const EVP_MD *akool_sha1(void) { return EVP_sha1(); }
static inline const EVP_MD *akool_sha256(void) { return EVP_sha256(); }

#endif
