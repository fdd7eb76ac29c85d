#!/usr/bin/env bash
# Makes the certificates and keys of the tests, which are valid until 2126. Run it in an empty directory with OpenSSL 3; keep what it makes.
set -euo pipefail

days=36500
ext() { printf 'subjectAltName=%s\nbasicConstraints=CA:FALSE\n' "$1"; }

# sign NAME KEY SIGNER "SAN" [options]: the certificate NAME.crt for NAME.key, signed by SIGNER
sign() {
  local name=$1 signer=$2 san=$3; shift 3
  openssl req -new -key "$name.key" -subj "/CN=$name" -out request
  openssl x509 -req -in request -CA "$signer.crt" -CAkey "$signer.key" -days $days -extfile <(ext "$san") "$@" -out "$name.crt"
}
rsa() { openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$1.key"; }
ec() { openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key"; }
authority() { # NAME [SIGNER]
  ec "$1"
  if [[ -z ${2:-} ]]; then
    openssl req -x509 -key "$1.key" -subj "/CN=$1" -days $days -out "$1.crt" -addext keyUsage=keyCertSign
  else
    openssl req -new -key "$1.key" -subj "/CN=$1" -out request
    openssl x509 -req -in request -CA "$2.crt" -CAkey "$2.key" -days $days \
      -extfile <(printf 'basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign\n') -out "$1.crt"
  fi
}

authority root
authority middle root
authority stranger

# what certbot leaves for localhost, and again after a renewal
rsa localhost; sign localhost middle "DNS:localhost,IP:127.0.0.1"
cat localhost.crt middle.crt > fullchain.pem; cp localhost.key privkey.pem
rsa renewed; sign renewed middle "DNS:localhost,IP:127.0.0.1"
cat renewed.crt middle.crt > renewed-fullchain.pem; mv renewed.key renewed-privkey.pem
cat middle.crt localhost.crt > wrong-order.pem
cat localhost.crt stranger.crt > wrong-signer.pem

# one certificate for the same name with another kind of key, and others for other names
ec localhost-ec; sign localhost-ec middle "DNS:localhost,IP:127.0.0.1"
ec one; sign one middle "DNS:one.example.org,DNS:example.org"
ec wild; sign wild middle "DNS:*.example.org"
openssl genpkey -quiet -algorithm ED25519 -out edwards.key; sign edwards middle "DNS:edwards.example.org"
for name in localhost-ec one wild edwards; do cat $name.crt middle.crt $name.key > $name.pem; done

# over since 2021
ec past
openssl req -new -key past.key -subj "/CN=past" -out request
touch index; echo 01 > serial
openssl ca -batch -notext -in request -out past.crt -cert middle.crt -keyfile middle.key -startdate 20200101000000Z -enddate 20210101000000Z \
  -config <(printf '[ca]\ndefault_ca=a\n[a]\ndatabase=index\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n')

# the same key in every form
openssl rsa -in localhost.key -traditional -out pkcs1.key
openssl rsa -in localhost.key -traditional -aes256 -passout pass:secret -out pkcs1-aes256.key
openssl rsa -in localhost.key -traditional -aes128 -passout pass:secret -out pkcs1-aes128.key
openssl rsa -in localhost.key -traditional -des3 -passout pass:secret -out pkcs1-des3.key
openssl pkcs8 -topk8 -in localhost.key -passout pass:secret -out pkcs8-aes256.key
openssl pkcs8 -topk8 -in localhost.key -v2 aes128 -v2prf hmacWithSHA512 -passout pass:secret -out pkcs8-aes128.key
openssl pkcs8 -topk8 -in localhost.key -v1 PBE-SHA1-3DES -passout pass:secret -out pkcs8-3des.key
openssl pkcs8 -topk8 -in localhost.key -scrypt -passout pass:secret -out pkcs8-scrypt.key
openssl ec -in localhost-ec.key -out sec1.key
{ openssl ecparam -name prime256v1; cat sec1.key; } > sec1-with-curve.key
openssl ec -in localhost-ec.key -aes256 -passout pass:secret -out sec1-aes256.key
openssl ec -in localhost-ec.key -no_public -out sec1-short.key
openssl ecparam -name brainpoolP256r1 -genkey -noout -out strange-curve.key
openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out small.key; sign small middle "DNS:localhost"
openssl dsaparam -genkey -noout -out dsa.key 1024 2> /dev/null
openssl x509 -in localhost.crt -outform der -out localhost.der

# clients
ec alice; sign alice root "DNS:alice"
ec mallory; sign mallory stranger "DNS:mallory"

rm -f request index* serial* 01.pem ./*.srl root.key middle.key stranger.key
