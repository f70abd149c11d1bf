;;! stage = asm
;; Loops step through memory: products and chains of sums are additions.
(module
  (memory 1)
  ;; Structs of 12 bytes behind a pointer: one variable in place of a product and a sum.
  (func $structs (param $base i32) (param $n i32) (result i32)
    (local $i i32) (local $s i32)
    (loop $l
      (local.set $s
        (i32.add (local.get $s)
          (i32.load offset=4
            (i32.add (local.get $base) (i32.mul (local.get $i) (i32.const 12))))))
      (br_if $l
        (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $s))
  ;; A column: the step is computed in front of the loop.
  (func $column (param $n i32) (param $j i32) (result i32)
    (local $i i32) (local $s i32)
    (loop $l
      (local.set $s
        (i32.add (local.get $s)
          (i32.load
            (i32.shl
              (i32.add (i32.mul (local.get $i) (local.get $n)) (local.get $j))
              (i32.const 2)))))
      (br_if $l
        (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $s))
  ;; A sum of a pointer and a shifted counter is one lea: it stays.
  (func $words (param $base i32) (param $n i32) (result i32)
    (local $i i32) (local $s i32)
    (loop $l
      (local.set $s
        (i32.add (local.get $s)
          (i32.load (i32.add (local.get $base) (i32.shl (local.get $i) (i32.const 2))))))
      (br_if $l
        (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $s))
  ;; Only one round in many comes to the product: it stays.
  (func $seldom (param $n i32) (param $j i32) (result i32)
    (local $i i32) (local $s i32)
    (loop $l
      (if (i32.eqz (i32.load8_u (local.get $i)))
        (then
          (if (i32.eq (i32.load8_u offset=1 (local.get $i)) (i32.const 7))
            (then
              (i32.store (i32.mul (local.get $i) (local.get $j)) (local.get $i))))))
      (br_if $l
        (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $s)))
;; ;; structs
;; L0:
;;      0: mov ecx,edi
;;      2: mov rdx,QWORD PTR [r15+0x28]
;;      6: xor edi,edi
;;      8: xor eax,eax
;;      a: nop WORD PTR [rax+rax*1+0x0]
;;     13: nop WORD PTR [rax+rax*1+0x0]
;;     1c: nop WORD PTR [rax+rax*1+0x0]
;;     25: nop WORD PTR [rax+rax*1+0x0]
;;     2e: nop WORD PTR [rax+rax*1+0x0]
;;     37: nop WORD PTR [rax+rax*1+0x0]
;; L1:
;;     40: add eax,DWORD PTR [rdx+rcx*1+0x4]
;;     44: add ecx,0xc
;;     47: add edi,0x1
;;     4a: cmp edi,esi
;;     4c: jne 0x40
;; L3:
;;     4e: ret
;; ;; column
;; L0:
;;      0: mov rcx,QWORD PTR [r15+0x28]
;;      4: lea edx,[rsi*4+0x0]
;;      b: xor esi,esi
;;      d: xor eax,eax
;;      f: nop WORD PTR [rax+rax*1+0x0]
;;     18: nop WORD PTR [rax+rax*1+0x0]
;;     21: nop WORD PTR [rax+rax*1+0x0]
;;     2a: nop WORD PTR [rax+rax*1+0x0]
;;     33: nop WORD PTR [rax+rax*1+0x0]
;;     3c: nop DWORD PTR [rax+0x0]
;; L1:
;;     40: add eax,DWORD PTR [rcx+rdx*1]
;;     43: lea edx,[rdx+rdi*4]
;;     46: add esi,0x1
;;     49: cmp esi,edi
;;     4b: jne 0x40
;; L3:
;;     4d: ret
;; ;; words
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
;;     40: lea r8d,[rdi+rdx*4]
;;     44: add eax,DWORD PTR [rcx+r8*1]
;;     48: add edx,0x1
;;     4b: cmp edx,esi
;;     4d: jne 0x40
;; L3:
;;     4f: ret
;; ;; seldom
;; L0:
;;      0: mov rax,QWORD PTR [r15+0x28]
;;      4: xor ecx,ecx
;;      6: jmp 0x47
;;      8: nop WORD PTR [rax+rax*1+0x0]
;;     11: nop WORD PTR [rax+rax*1+0x0]
;;     1a: nop WORD PTR [rax+rax*1+0x0]
;;     23: nop WORD PTR [rax+rax*1+0x0]
;;     2c: nop WORD PTR [rax+rax*1+0x0]
;;     35: nop WORD PTR [rax+rax*1+0x0]
;;     3e: xchg ax,ax
;; L6:
;;     40: add ecx,0x1
;;     43: cmp ecx,edi
;;     45: je 0x5e
;; L1:
;;     47: cmp BYTE PTR [rax+rcx*1],0x0
;;     4b: jne 0x40
;; L3:
;;     4d: cmp BYTE PTR [rax+rcx*1+0x1],0x7
;;     52: jne 0x40
;; L5:
;;     54: mov edx,ecx
;;     56: imul edx,esi
;;     59: mov DWORD PTR [rax+rdx*1],ecx
;;     5c: jmp 0x40
;; L8:
;;     5e: xor eax,eax
;;     60: ret
