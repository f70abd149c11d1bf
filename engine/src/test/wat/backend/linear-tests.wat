;;! stage = asm
;; Loops compare what they step by anyway; a counter beside it goes.
(module
  (memory 16)
  ;; The number of rounds is known: the structs' address is compared with the end.
  (func $structs (result i64)
    (local $i i32) (local $s i64)
    (loop $l
      (local.set $s
        (i64.add
          (i64.rotl (local.get $s) (i64.const 7))
          (i64.load offset=4096 (i32.mul (local.get $i) (i32.const 24)))))
      (if (i64.eqz (local.get $s)) (then (local.set $s (i64.const 1)) (call $cold)))
      (br_if $l
        (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 1000))))
    (local.get $s))
  (func $cold (unreachable))
  ;; A pointer to bytes and a counter: each value of the pointer comes once in 2^32 rounds.
  (func $bytes (param $p i32) (param $n i32) (result i32)
    (local $i i32) (local $s i32)
    (loop $l
      (local.set $s (i32.add (local.get $s) (i32.load8_u (local.get $p))))
      (local.set $p (i32.add (local.get $p) (i32.const 1)))
      (br_if $l
        (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $s))
  ;; A pointer to words is back where it began after 2^30 rounds: the counter stays.
  (func $words (param $p i32) (param $n i32) (result i32)
    (local $i i32) (local $s i32)
    (loop $l
      (local.set $s (i32.add (local.get $s) (i32.load (local.get $p))))
      (local.set $p (i32.add (local.get $p) (i32.const 4)))
      (br_if $l
        (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $s)))
;; ;; structs
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
;;     40: ror rax,0x39
;;     44: add rax,QWORD PTR [rcx+rdx*1+0x1000]
;;     4c: je 0x5a
;; L2:
;;     4e: add edx,0x18
;;     51: cmp edx,0x5dc0
;;     57: jne 0x40
;; L4:
;;     59: ret
;; L5:
;;     5a: ud2
;; ;; cold
;; L0:
;;      0: ud2
;; ;; bytes
;; L0:
;;      0: mov ecx,edi
;;      2: mov rdx,QWORD PTR [r15+0x28]
;;      6: add esi,ecx
;;      8: xor eax,eax
;;      a: nop WORD PTR [rax+rax*1+0x0]
;;     13: nop WORD PTR [rax+rax*1+0x0]
;;     1c: nop WORD PTR [rax+rax*1+0x0]
;;     25: nop WORD PTR [rax+rax*1+0x0]
;;     2e: nop WORD PTR [rax+rax*1+0x0]
;;     37: nop WORD PTR [rax+rax*1+0x0]
;; L1:
;;     40: movzx edi,BYTE PTR [rdx+rcx*1]
;;     44: add eax,edi
;;     46: add ecx,0x1
;;     49: cmp ecx,esi
;;     4b: jne 0x40
;; L3:
;;     4d: ret
;; ;; words
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
;;     40: add eax,DWORD PTR [rdx+rcx*1]
;;     43: add ecx,0x4
;;     46: add edi,0x1
;;     49: cmp edi,esi
;;     4b: jne 0x40
;; L3:
;;     4d: ret
