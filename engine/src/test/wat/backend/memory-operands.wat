;;! stage = asm
(module
  (memory 1)
  (func $compare-byte (param i32) (result i32)
    (if (result i32) (i32.lt_u (i32.load8_u (local.get 0)) (i32.const 200))
      (then (i32.const 5)) (else (i32.const 6))))
  (func $byte-is-zero (param i32) (result i32)
    (if (result i32) (i32.load8_s (local.get 0)) (then (i32.const 5)) (else (i32.const 6))))
  (func $compare-signed-byte (param i32) (result i32)
    (if (result i32) (i32.lt_s (i32.load8_s (local.get 0)) (i32.const -3))
      (then (i32.const 5)) (else (i32.const 6))))
  ;; signed comparison of a number that cannot be negative
  (func $compare-extended-byte (param i32) (result i32)
    (if (result i32) (i32.gt_s (i32.load8_u (local.get 0)) (i32.const 200))
      (then (i32.const 5)) (else (i32.const 6))))
  (func $compare-beyond-byte (param i32) (result i32)
    (if (result i32) (i32.eq (i32.load8_s (local.get 0)) (i32.const 200))
      (then (i32.const 5)) (else (i32.const 6))))
  (func $compare-half (param i32) (result i32)
    (if (result i32) (i32.eq (i32.load16_u (local.get 0)) (i32.const 100))
      (then (i32.const 5)) (else (i32.const 6))))
  (func $compare-half-long-immediate (param i32) (result i32)
    (if (result i32) (i32.eq (i32.load16_u (local.get 0)) (i32.const 1000))
      (then (i32.const 5)) (else (i32.const 6))))
  (func $test-byte (param i32) (result i32)
    (if (result i32) (i32.and (i32.load8_u (local.get 0)) (i32.const 0x84))
      (then (i32.const 5)) (else (i32.const 6))))
  ;; not narrowed: the whole word may reach out of bounds
  (func $test-word (param i32) (result i32)
    (if (result i32) (i32.and (i32.load (local.get 0)) (i32.const 4))
      (then (i32.const 5)) (else (i32.const 6))))
  ;; the load stays in front of the store
  (func $not-over-store (param i32) (result i32) (local i32)
    (local.set 1 (i32.load8_u (local.get 0)))
    (i32.store (i32.const 8) (i32.const 1))
    (if (result i32) (i32.eqz (local.get 1)) (then (i32.const 5)) (else (i32.const 6))))
  (func $select-load (param i32 i64 i64) (result i64)
    (select (i64.load (local.get 0)) (local.get 1) (i64.lt_s (local.get 1) (local.get 2))))
  (func $select-or-load (param i32 i64 i64) (result i64)
    (select (local.get 1) (i64.load (local.get 0)) (i64.lt_s (local.get 1) (local.get 2))))
  (func $store-condition (param i32 i32)
    (i32.store8 (local.get 0) (i32.lt_s (local.get 0) (local.get 1))))
  (func $read-modify-write (param i32 i64)
    (i64.store (local.get 0) (i64.add (i64.load (local.get 0)) (local.get 1))))
  (func $read-modify-write-byte (param i32 i32)
    (i32.store8 offset=3 (local.get 0)
      (i32.or (local.get 1) (i32.load8_s offset=3 (local.get 0)))))
  (func $read-modify-write-constant (param i32)
    (i32.store16 (local.get 0) (i32.sub (i32.load16_u (local.get 0)) (i32.const 7))))
  ;; other place, other order, other user
  (func $no-read-modify-write (param i32 i32)
    (i32.store offset=4 (local.get 0) (i32.add (i32.load (local.get 0)) (local.get 1)))
    (i32.store (local.get 0) (i32.sub (local.get 1) (i32.load (local.get 0)))))
  (func $no-read-modify-write-in-loop (param i32)
    (loop
      (i32.store (i32.const 16) (i32.add (i32.load (i32.const 16)) (i32.const 3)))
      (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))
;; ;; compare-byte
;; L0:
;;      0: mov eax,edi
;;      2: mov rdx,QWORD PTR [r15+0x28]
;;      6: mov ecx,0x5
;;      b: cmp BYTE PTR [rdx+rax*1],0xc8
;;      f: mov eax,0x6
;;     14: cmovb eax,ecx
;;     17: ret
;; ;; byte-is-zero
;; L0:
;;      0: mov eax,edi
;;      2: mov rdx,QWORD PTR [r15+0x28]
;;      6: mov ecx,0x5
;;      b: cmp BYTE PTR [rdx+rax*1],0x0
;;      f: mov eax,0x6
;;     14: cmovne eax,ecx
;;     17: ret
;; ;; compare-signed-byte
;; L0:
;;      0: mov eax,edi
;;      2: mov rdx,QWORD PTR [r15+0x28]
;;      6: mov ecx,0x5
;;      b: cmp BYTE PTR [rdx+rax*1],0xfd
;;      f: mov eax,0x6
;;     14: cmovl eax,ecx
;;     17: ret
;; ;; compare-extended-byte
;; L0:
;;      0: mov eax,edi
;;      2: mov rdx,QWORD PTR [r15+0x28]
;;      6: mov ecx,0x5
;;      b: cmp BYTE PTR [rdx+rax*1],0xc8
;;      f: mov eax,0x6
;;     14: cmova eax,ecx
;;     17: ret
;; ;; compare-beyond-byte
;; L0:
;;      0: mov eax,edi
;;      2: mov rcx,QWORD PTR [r15+0x28]
;;      6: movsx eax,BYTE PTR [rcx+rax*1]
;;      a: cmp eax,0xc8
;;      f: jne 0x18
;; L1:
;;     11: mov eax,0x5
;;     16: jmp 0x1d
;; L2:
;;     18: mov eax,0x6
;; L3:
;;     1d: ret
;; ;; compare-half
;; L0:
;;      0: mov eax,edi
;;      2: mov rcx,QWORD PTR [r15+0x28]
;;      6: cmp WORD PTR [rcx+rax*1],0x64
;;      b: jne 0x14
;; L1:
;;      d: mov eax,0x5
;;     12: jmp 0x19
;; L2:
;;     14: mov eax,0x6
;; L3:
;;     19: ret
;; ;; compare-half-long-immediate
;; L0:
;;      0: mov eax,edi
;;      2: mov rcx,QWORD PTR [r15+0x28]
;;      6: movzx eax,WORD PTR [rcx+rax*1]
;;      a: cmp eax,0x3e8
;;      f: jne 0x18
;; L1:
;;     11: mov eax,0x5
;;     16: jmp 0x1d
;; L2:
;;     18: mov eax,0x6
;; L3:
;;     1d: ret
;; ;; test-byte
;; L0:
;;      0: mov eax,edi
;;      2: mov rdx,QWORD PTR [r15+0x28]
;;      6: mov ecx,0x5
;;      b: test BYTE PTR [rdx+rax*1],0x84
;;      f: mov eax,0x6
;;     14: cmovne eax,ecx
;;     17: ret
;; ;; test-word
;; L0:
;;      0: mov eax,edi
;;      2: mov rdx,QWORD PTR [r15+0x28]
;;      6: mov ecx,0x5
;;      b: test DWORD PTR [rdx+rax*1],0x4
;;     12: mov eax,0x6
;;     17: cmovne eax,ecx
;;     1a: ret
;; ;; not-over-store
;; L0:
;;      0: mov eax,edi
;;      2: mov rcx,QWORD PTR [r15+0x28]
;;      6: movzx eax,BYTE PTR [rcx+rax*1]
;;      a: mov DWORD PTR [rcx+0x8],0x1
;;     11: mov ecx,0x6
;;     16: test eax,eax
;;     18: mov eax,0x5
;;     1d: cmovne eax,ecx
;;     20: ret
;; ;; select-load
;; L0:
;;      0: mov eax,edi
;;      2: mov rcx,QWORD PTR [r15+0x28]
;;      6: cmp rsi,rdx
;;      9: cmovl rsi,QWORD PTR [rcx+rax*1]
;;      e: mov rax,rsi
;;     11: ret
;; ;; select-or-load
;; L0:
;;      0: mov eax,edi
;;      2: mov rcx,QWORD PTR [r15+0x28]
;;      6: cmp rsi,rdx
;;      9: cmovge rsi,QWORD PTR [rcx+rax*1]
;;      e: mov rax,rsi
;;     11: ret
;; ;; store-condition
;; L0:
;;      0: mov eax,edi
;;      2: mov rcx,QWORD PTR [r15+0x28]
;;      6: cmp eax,esi
;;      8: setl dl
;;      b: mov BYTE PTR [rcx+rax*1],dl
;;      e: ret
;; ;; read-modify-write
;; L0:
;;      0: mov eax,edi
;;      2: mov rcx,QWORD PTR [r15+0x28]
;;      6: add QWORD PTR [rcx+rax*1],rsi
;;      a: ret
;; ;; read-modify-write-byte
;; L0:
;;      0: mov eax,edi
;;      2: mov rcx,QWORD PTR [r15+0x28]
;;      6: or BYTE PTR [rcx+rax*1+0x3],sil
;;      b: ret
;; ;; read-modify-write-constant
;; L0:
;;      0: mov eax,edi
;;      2: mov rcx,QWORD PTR [r15+0x28]
;;      6: add WORD PTR [rcx+rax*1],0xfff9
;;      b: ret
;; ;; no-read-modify-write
;; L0:
;;      0: mov eax,edi
;;      2: mov rcx,QWORD PTR [r15+0x28]
;;      6: mov edx,DWORD PTR [rcx+rax*1]
;;      9: lea edi,[rdx+rsi*1]
;;      c: mov DWORD PTR [rcx+rax*1+0x4],edi
;;     10: sub esi,edx
;;     12: mov DWORD PTR [rcx+rax*1],esi
;;     15: ret
;; ;; no-read-modify-write-in-loop
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
;;     40: mov ecx,DWORD PTR [rax+0x10]
;;     43: add ecx,0x3
;;     46: mov DWORD PTR [rax+0x10],ecx
;;     49: add edi,0xffffffff
;;     4c: jne 0x40
;; L3:
;;     4e: ret
