;;! stage = asm
;; A 64-bit index is clamped to the end of the reservation, where every access faults; a second access
;; at the same index or behind it, an index that is small by its data and a constant one are not checked
;; at all. What a condition says of an index is no proof: it may be guessed wrong.
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
    (local.get 2))
  (func $behind (param i64) (result i32)
    (i32.add (i32.load (local.get 0)) (i32.load (i64.add (local.get 0) (i64.const 64)))))
  (func $before (param i64) (result i32)
    (i32.add (i32.load (i64.add (local.get 0) (i64.const 64))) (i32.load (local.get 0))))
  (func $masked (param i64) (result i32)
    (i32.load (i64.add (i64.shl (i64.and (local.get 0) (i64.const 0xFFF)) (i64.const 2)) (i64.const 64))))
  (func $guessed (param i64) (result i32)
    (if (result i32) (i64.lt_u (local.get 0) (i64.const 1000))
      (then (i32.load (local.get 0)))
      (else (i32.const 0))))
  (func $counted (result i64) (local i64 i64)
    (loop $l
      (local.set 1 (i64.add (local.get 1) (i64.load (local.get 0))))
      (br_if $l (i64.lt_u (local.tee 0 (i64.add (local.get 0) (i64.const 8))) (i64.const 4096))))
    (local.get 1)))
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
;; ;; behind
;; L0:
;;      0: mov rcx,QWORD PTR [r15+0x28]
;;      4: movabs rax,0x400000000
;;      e: cmp rdi,rax
;;     11: mov rdx,rax
;;     14: cmovb rdx,rdi
;;     18: mov eax,DWORD PTR [rcx+rdx*1]
;;     1b: add eax,DWORD PTR [rcx+rdx*1+0x40]
;;     1f: ret
;; ;; before
;; L0:
;;      0: mov rcx,QWORD PTR [r15+0x28]
;;      4: lea rax,[rdi+0x40]
;;      8: movabs rdx,0x400000000
;;     12: cmp rax,rdx
;;     15: cmovb rdx,rax
;;     19: mov eax,DWORD PTR [rcx+rdx*1]
;;     1c: movabs rdx,0x400000000
;;     26: cmp rdi,rdx
;;     29: cmovb rdx,rdi
;;     2d: add eax,DWORD PTR [rcx+rdx*1]
;;     30: ret
;; ;; masked
;; L0:
;;      0: mov rax,QWORD PTR [r15+0x28]
;;      4: and edi,0xfff
;;      a: lea rcx,[rdi*4+0x0]
;;     12: mov eax,DWORD PTR [rax+rcx*1+0x40]
;;     16: ret
;; ;; guessed
;; L0:
;;      0: mov rax,QWORD PTR [r15+0x28]
;;      4: cmp rdi,0x3e8
;;      b: jae 0x23
;; L1:
;;      d: movabs rcx,0x400000000
;;     17: cmp rdi,rcx
;;     1a: cmovb rcx,rdi
;;     1e: mov eax,DWORD PTR [rax+rcx*1]
;;     21: jmp 0x25
;; L2:
;;     23: xor eax,eax
;; L3:
;;     25: ret
;; ;; counted
;; L0:
;;      0: mov rcx,QWORD PTR [r15+0x28]
;;      4: xor edx,edx
;;      6: xor eax,eax
;;      8: nop WORD PTR [rax+rax*1+0x0]
;;     11: nop WORD PTR [rax+rax*1+0x0]
;;     1a: nop WORD PTR [rax+rax*1+0x0]
;;     23: nop WORD PTR [rax+rax*1+0x0]
;;     2c: nop WORD PTR [rax+rax*1+0x0]
;;     35: nop WORD PTR [rax+rax*1+0x0]
;;     3e: xchg ax,ax
;; L1:
;;     40: mov rsi,QWORD PTR [rcx+rdx*1]
;;     44: add rsi,QWORD PTR [rcx+rdx*1+0x8]
;;     49: add rsi,QWORD PTR [rcx+rdx*1+0x10]
;;     4e: add rsi,QWORD PTR [rcx+rdx*1+0x18]
;;     53: add rsi,QWORD PTR [rcx+rdx*1+0x20]
;;     58: add rsi,QWORD PTR [rcx+rdx*1+0x28]
;;     5d: add rsi,QWORD PTR [rcx+rdx*1+0x30]
;;     62: add rsi,QWORD PTR [rcx+rdx*1+0x38]
;;     67: add rax,rsi
;;     6a: add rdx,0x40
;;     6e: cmp rdx,0x1000
;;     75: jb 0x40
;; L3:
;;     77: ret
