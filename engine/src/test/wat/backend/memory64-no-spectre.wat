;;! stage = asm
;;! tunables = no-spectre
;; Without masks against speculation the index is compared, and the address does not wait for that.
(module
  (memory i64 1)
  (func $one (param i64) (result i64) (i64.load offset=8 (local.get 0)))
  (func $two (param i64) (result i32)
    (i32.add (i32.load (local.get 0)) (i32.load offset=4 (local.get 0))))
  (func $sum (param i64 i64) (result i64) (local i64)
    (loop $l
      (local.set 2 (i64.add (local.get 2) (i64.load (local.get 0))))
      (local.set 0 (i64.add (local.get 0) (i64.const 8)))
      (br_if $l (i64.ne (local.get 0) (local.get 1))))
    (local.get 2))
  (func $behind (param i64) (result i32)
    (i32.add (i32.load (local.get 0)) (i32.load (i64.add (local.get 0) (i64.const 64)))))
  (func $before (param i64) (result i32)
    (i32.add (i32.load (i64.add (local.get 0) (i64.const 64))) (i32.load (local.get 0))))
  (func $guessed (param i64) (result i32)
    (if (result i32) (i64.lt_u (local.get 0) (i64.const 1000))
      (then (i32.load (local.get 0)))
      (else (i32.const 0)))))
;; ;; one
;; L0:
;;      0: mov rax,QWORD PTR [r15+0x28]
;;      4: cmp rdi,QWORD PTR [rip+0xd] # 0x18
;;      b: ja 0x13
;;      d: mov rax,QWORD PTR [rax+rdi*1+0x8]
;;     12: ret
;; L3:
;;     13: ud2
;;     15: nop DWORD PTR [rax]
;; L2:
;;     18: .byte 0x0,0x0,0x0,0x0,0x4,0x0,0x0,0x0
;; ;; two
;; L0:
;;      0: mov rcx,QWORD PTR [r15+0x28]
;;      4: cmp rdi,QWORD PTR [rip+0xd] # 0x18
;;      b: ja 0x15
;;      d: mov eax,DWORD PTR [rcx+rdi*1]
;;     10: add eax,DWORD PTR [rcx+rdi*1+0x4]
;;     14: ret
;; L3:
;;     15: ud2
;;     17: nop
;; L2:
;;     18: .byte 0x0,0x0,0x0,0x0,0x4,0x0,0x0,0x0
;; ;; sum
;; L0:
;;      0: mov rcx,QWORD PTR [r15+0x28]
;;      4: xor eax,eax
;;      6: nop WORD PTR [rax+rax*1+0x0]
;;      f: nop WORD PTR [rax+rax*1+0x0]
;;     18: nop WORD PTR [rax+rax*1+0x0]
;;     21: nop WORD PTR [rax+rax*1+0x0]
;;     2a: nop WORD PTR [rax+rax*1+0x0]
;;     33: nop WORD PTR [rax+rax*1+0x0]
;;     3c: nop DWORD PTR [rax+0x0]
;; L1:
;;     40: cmp rdi,QWORD PTR [rip+0x19] # 0x60
;;     47: ja 0x57
;;     49: add rax,QWORD PTR [rcx+rdi*1]
;;     4d: add rdi,0x8
;;     51: cmp rdi,rsi
;;     54: jne 0x40
;; L3:
;;     56: ret
;; L7:
;;     57: ud2
;;     59: nop DWORD PTR [rax+0x0]
;; L6:
;;     60: .byte 0x0,0x0,0x0,0x0,0x4,0x0,0x0,0x0
;; ;; behind
;; L0:
;;      0: mov rcx,QWORD PTR [r15+0x28]
;;      4: cmp rdi,QWORD PTR [rip+0xd] # 0x18
;;      b: ja 0x15
;;      d: mov eax,DWORD PTR [rcx+rdi*1]
;;     10: add eax,DWORD PTR [rcx+rdi*1+0x40]
;;     14: ret
;; L3:
;;     15: ud2
;;     17: nop
;; L2:
;;     18: .byte 0x0,0x0,0x0,0x0,0x4,0x0,0x0,0x0
;; ;; before
;; L0:
;;      0: mov rcx,QWORD PTR [r15+0x28]
;;      4: lea rax,[rdi+0x40]
;;      8: cmp rax,QWORD PTR [rip+0x19] # 0x28
;;      f: ja 0x21
;;     11: mov eax,DWORD PTR [rcx+rax*1]
;;     14: cmp rdi,QWORD PTR [rip+0xd] # 0x28
;;     1b: ja 0x23
;;     1d: add eax,DWORD PTR [rcx+rdi*1]
;;     20: ret
;; L4:
;;     21: ud2
;; L7:
;;     23: ud2
;;     25: nop DWORD PTR [rax]
;; L3:
;;     28: .byte 0x0,0x0,0x0,0x0,0x4,0x0,0x0,0x0
;; ;; guessed
;; L0:
;;      0: mov rax,QWORD PTR [r15+0x28]
;;      4: cmp rdi,0x3e8
;;      b: jae 0x1b
;; L1:
;;      d: cmp rdi,QWORD PTR [rip+0xc] # 0x20
;;     14: ja 0x1e
;;     16: mov eax,DWORD PTR [rax+rdi*1]
;;     19: jmp 0x1d
;; L2:
;;     1b: xor eax,eax
;; L3:
;;     1d: ret
;; L7:
;;     1e: ud2
;; L6:
;;     20: .byte 0x0,0x0,0x0,0x0,0x4,0x0,0x0,0x0
