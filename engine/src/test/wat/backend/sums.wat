;;! stage = asm
(module
  (import "" "" (func $imported (param i32) (result i32)))
  (memory 1)
  (func $two-and-constant (param i32 i32) (result i32)
    (i32.add (i32.add (local.get 0) (local.get 1)) (i32.const 1024)))
  (func $scaled-and-constant (param i32) (result i32)
    (i32.add (i32.shl (local.get 0) (i32.const 2)) (i32.const 1024)))
  (func $doubled-and-constant (param i64) (result i64)
    (i64.add (i64.shl (local.get 0) (i64.const 1)) (i64.const 1)))
  (func $everything (param i64 i64) (result i64)
    (i64.add (i64.add (local.get 0) (i64.const 7)) (i64.shl (local.get 1) (i64.const 3))))
  ;; all users of the shift are sums
  (func $shared-shift (param i32) (result i32) (local i32)
    (local.set 1 (i32.shl (local.get 0) (i32.const 2)))
    (i32.mul (i32.add (local.get 1) (i32.const 1024)) (i32.add (local.get 1) (i32.const 4096))))
  ;; the shift is wanted anyway
  (func $wanted-shift (param i32) (result i32) (local i32)
    (local.set 1 (i32.shl (local.get 0) (i32.const 2)))
    (i32.mul (i32.add (local.get 1) (i32.const 1024)) (local.get 1)))
  (func $three-terms (param i32 i32 i32) (result i32)
    (i32.add (i32.add (local.get 0) (local.get 1)) (local.get 2)))
  (func $times-five (param i32) (result i32) (i32.mul (local.get 0) (i32.const 5)))
  (func $times-twelve (param i64) (result i64) (i64.mul (local.get 0) (i64.const 12)))
  (func $times-seven (param i32) (result i32) (i32.mul (local.get 0) (i32.const 7)))
  (func $divided (param i64) (result i64) (i64.div_u (local.get 0) (i64.const 10)))
  ;; the upper half of the index is cleared once, before the loop
  (func $index-of-parameter (param i32 i32)
    (loop
      (i32.store (local.get 0) (i32.add (i32.load (local.get 0)) (local.get 1)))
      (br_if 0 (local.tee 1 (i32.sub (local.get 1) (i32.const 1))))))
  (func $index-around-loop (param i32) (result i32)
    (loop
      (br_if 0 (i32.load (local.tee 0 (i32.add (local.get 0) (i32.const 4))))))
    (local.get 0))
  (func $index-of-call (result i32) (i32.load (call $imported (i32.const 3))))
  (func $index-of-wrap (param i64) (result i32)
    (i32.add (i32.load (i32.wrap_i64 (local.get 0)))
      (i32.load offset=4 (i32.wrap_i64 (local.get 0))))))
;; ;; two-and-constant
;; L0:
;;      0: lea eax,[rdi+rsi*1+0x400]
;;      7: ret
;; ;; scaled-and-constant
;; L0:
;;      0: lea eax,[rdi*4+0x400]
;;      7: ret
;; ;; doubled-and-constant
;; L0:
;;      0: lea rax,[rdi+rdi*1+0x1]
;;      5: ret
;; ;; everything
;; L0:
;;      0: lea rax,[rdi+rsi*8+0x7]
;;      5: ret
;; ;; shared-shift
;; L0:
;;      0: lea eax,[rdi*4+0x400]
;;      7: lea ecx,[rdi*4+0x1000]
;;      e: imul eax,ecx
;;     11: ret
;; ;; wanted-shift
;; L0:
;;      0: lea ecx,[rdi*4+0x0]
;;      7: lea eax,[rcx+0x400]
;;      d: imul eax,ecx
;;     10: ret
;; ;; three-terms
;; L0:
;;      0: lea eax,[rdi+rsi*1]
;;      3: add eax,edx
;;      5: ret
;; ;; times-five
;; L0:
;;      0: lea eax,[rdi+rdi*4]
;;      3: ret
;; ;; times-twelve
;; L0:
;;      0: lea rax,[rdi+rdi*2]
;;      4: shl rax,0x2
;;      8: ret
;; ;; times-seven
;; L0:
;;      0: imul eax,edi,0x7
;;      3: ret
;; ;; divided
;; L0:
;;      0: movabs rdx,0xcccccccccccccccd
;;      a: mulx rax,rcx,rdi
;;      f: shr rax,0x3
;;     13: ret
;; ;; index-of-parameter
;; L0:
;;      0: mov eax,edi
;;      2: mov rcx,QWORD PTR [r15+0x28]
;;      6: nop WORD PTR [rax+rax*1+0x0]
;;      f: nop WORD PTR [rax+rax*1+0x0]
;;     18: nop WORD PTR [rax+rax*1+0x0]
;;     21: nop WORD PTR [rax+rax*1+0x0]
;;     2a: nop WORD PTR [rax+rax*1+0x0]
;;     33: nop WORD PTR [rax+rax*1+0x0]
;;     3c: nop DWORD PTR [rax+0x0]
;; L1:
;;     40: mov edx,esi
;;     42: add edx,DWORD PTR [rcx+rax*1]
;;     45: mov DWORD PTR [rcx+rax*1],edx
;;     48: add esi,0xffffffff
;;     4b: jne 0x40
;; L3:
;;     4d: ret
;; ;; index-around-loop
;; L0:
;;      0: mov rax,QWORD PTR [r15+0x28]
;;      4: nop WORD PTR [rax+rax*1+0x0]
;;      d: nop WORD PTR [rax+rax*1+0x0]
;;     16: nop WORD PTR [rax+rax*1+0x0]
;;     1f: nop WORD PTR [rax+rax*1+0x0]
;;     28: nop WORD PTR [rax+rax*1+0x0]
;;     31: nop WORD PTR [rax+rax*1+0x0]
;;     3a: nop WORD PTR [rax+rax*1+0x0]
;; L1:
;;     40: add edi,0x4
;;     43: cmp DWORD PTR [rax+rdi*1],0x0
;;     47: jne 0x40
;; L3:
;;     49: mov eax,edi
;;     4b: ret
;; ;; index-of-call
;;      0: sub rsp,0x8
;;      4: mov r11,QWORD PTR [r15]
;;      7: cmp rsp,QWORD PTR [r11]
;;      a: jb 0x32
;;      c: mov QWORD PTR [rsp],r15
;; L0:
;;     10: mov edi,0x3
;;     15: mov r11,QWORD PTR [r15+0x70]
;;     19: mov r15,QWORD PTR [r15+0x78]
;;     1d: call r11
;;     20: mov r15,QWORD PTR [rsp]
;;     24: mov eax,eax
;;     26: mov rcx,QWORD PTR [r15+0x28]
;;     2a: mov eax,DWORD PTR [rcx+rax*1]
;;     2d: add rsp,0x8
;;     31: ret
;; L2:
;;     32: ud2
;; ;; index-of-wrap
;; L0:
;;      0: mov rcx,QWORD PTR [r15+0x28]
;;      4: mov edx,edi
;;      6: mov eax,DWORD PTR [rcx+rdx*1]
;;      9: add eax,DWORD PTR [rcx+rdx*1+0x4]
;;      d: ret
