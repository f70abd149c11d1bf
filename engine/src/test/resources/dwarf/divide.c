// clang-16 --target=wasm32 -O1 -fno-inline -gdwarf-5 -fdebug-compilation-dir=/src -nostdlib -Wl,--no-entry
// made dwarf5.wasm, and with -gdwarf-4 dwarf4.wasm. Line numbers count.
int helper(int *p, int n) {
  int s = 0;
  for (int i = 0; i < n; i++)
    s += p[i];
  return s;
}

int divide(int a, int b) {
  return a / b;
}

__attribute__((export_name("run"))) int run(int a) {
  int x[3] = {a, 2, 3};
  int s = helper(x, 3);
  return divide(s, a);
}
