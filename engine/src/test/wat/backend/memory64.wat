;;! stage = asm
;; A 64-bit index is clamped to the end of the reservation, where every access faults; a second access
;; at the same index, an index that was 32 bits wide and a constant one are not checked at all.
(module
  (memory i64 1)
  (func $one (param i64) (result i64) (i64.load offset=8 (local.get 0)))
  (func $two (param i64) (result i32)
    (i32.add (i32.load (local.get 0)) (i32.load offset=4 (local.get 0))))
  (func $narrow (param i32) (result i32) (i32.load (i64.extend_i32_u (local.get 0))))
  (func $constant (result i32) (i32.load (i64.const 100000)))
  (func $far (param i64) (result i32) (i32.load offset=0x100000000 (local.get 0)))
  (func $sum (param i64 i64) (result i64) (local i64)
    (loop $l
      (local.set 2 (i64.add (local.get 2) (i64.load (local.get 0))))
      (local.set 0 (i64.add (local.get 0) (i64.const 8)))
      (br_if $l (i64.ne (local.get 0) (local.get 1))))
    (local.get 2)))
;; ;; one
;; L0:
;;      0: mov rax,QWORD PTR [r15+0x28]
;;      4: movabs rcx,0x400000000
;;      e: cmp rdi,rcx
;;     11: cmovb rcx,rdi
;;     15: mov rax,QWORD PTR [rax+rcx*1+0x8]
;;     1a: ret
;; ;; two
;; L0:
;;      0: mov rcx,QWORD PTR [r15+0x28]
;;      4: movabs rax,0x400000000
;;      e: cmp rdi,rax
;;     11: mov rdx,rax
;;     14: cmovb rdx,rdi
;;     18: mov eax,DWORD PTR [rcx+rdx*1]
;;     1b: add eax,DWORD PTR [rcx+rdx*1+0x4]
;;     1f: ret
;; ;; narrow
;; L0:
;;      0: mov eax,edi
;;      2: mov rcx,QWORD PTR [r15+0x28]
;;      6: mov eax,DWORD PTR [rcx+rax*1]
;;      9: ret
;; ;; constant
;; L0:
;;      0: mov rax,QWORD PTR [r15+0x28]
;;      4: mov eax,DWORD PTR [rax+0x186a0]
;;      a: ret
;; ;; far
;; L0:
;;      0: mov rax,QWORD PTR [r15+0x28]
;;      4: movabs rcx,0x100000004
;;      e: add rdi,rcx
;;     11: jb 0x27
;;     13: lea rax,[rax+rdi*1-0x4]
;;     18: xor ecx,ecx
;;     1a: cmp rdi,QWORD PTR [r15+0x40]
;;     1e: ja 0x29
;;     20: cmova rax,rcx
;;     24: mov eax,DWORD PTR [rax]
;;     26: ret
;; L2:
;;     27: ud2
;; L3:
;;     29: ud2
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
;;     40: movabs rdx,0x400000000
;;     4a: cmp rdi,rdx
;;     4d: cmovb rdx,rdi
;;     51: add rax,QWORD PTR [rcx+rdx*1]
;;     55: add rdi,0x8
;;     59: cmp rdi,rsi
;;     5c: jne 0x40
;; L3:
;;     5e: ret
