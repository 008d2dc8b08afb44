# Prints kubeadm's certificates that end within $DAYS days: files, and the clients' in kubeconfig files.
soon=$((DAYS * 86400))
for file in /etc/kubernetes/pki/*.crt /etc/kubernetes/pki/etcd/*.crt; do
  case $file in */ca.crt | */front-proxy-ca.crt | *'*'*) continue ;; esac
  openssl x509 -noout -checkend $soon -in "$file" > /dev/null || echo "$file"
done
for file in admin controller-manager scheduler; do
  file=/etc/kubernetes/$file.conf
  [ -e "$file" ] || continue
  sed -n 's/^ *client-certificate-data: //p' "$file" | base64 -d | openssl x509 -noout -checkend $soon > /dev/null || echo "$file"
done
