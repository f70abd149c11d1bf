;;! stage = asm
;; Ranges of indexes are told apart by comparisons, scattered ones by the bits of a mask; a table
;; needs no clamp where the index is masked.
(module
  (func $two-ways (param i32) (result i32)
    (block $other (block $case
      (br_table $case $case $case $other (local.get 0)))
      (return (i32.const 5)))
    (i32.const 6))
  (func $inner-range (param i32) (result i32)
    (block $other (block $case
      (br_table $other $other $case $case $other (local.get 0)))
      (return (i32.const 5)))
    (i32.const 6))
  (func $four-ranges (param i32) (result i32)
    (block $c (block $b (block $a
      (br_table $a $b $a $c (local.get 0)))
      (return (i32.const 5)))
      (return (i32.const 6)))
    (i32.const 7))
  (func $white-space (param i32) (result i32)
    (block $other (block $case
      (br_table $other $other $case $case $other $case $other $other $case $other (local.get 0)))
      (return (i32.const 5)))
    (i32.const 6))
  (func $two-masks (param i32) (result i32)
    (block $c (block $b (block $a
      (br_table $a $b $a $b $a $a $c $b $b $a $c (local.get 0)))
      (return (i32.const 5)))
      (return (i32.const 6)))
    (i32.const 7))
  (func $mask-and-default (param i32) (result i32)
    (block $c (block $b (block $a
      (br_table $a $b $a $b $a $a $b $b $b $a $c (local.get 0)))
      (return (i32.const 5)))
      (return (i32.const 6)))
    (i32.const 7))
  (func $masked-index (param i32) (result i32)
    (block $e (block $d (block $c (block $b (block $a
      (br_table $a $b $c $d $a $b $c $e (i32.and (local.get 0) (i32.const 7))))
      (return (i32.const 5)))
      (return (i32.const 6)))
      (return (i32.const 7)))
      (return (i32.const 8)))
    (i32.const 9)))
;; ;; two-ways
;; L0:
;;      0: cmp edi,0x3
;;      3: jae 0xb
;; L1:
;;      5: mov eax,0x5
;;      a: ret
;; L2:
;;      b: mov eax,0x6
;;     10: ret
;; ;; inner-range
;; L0:
;;      0: lea eax,[rdi-0x2]
;;      3: cmp eax,0x2
;;      6: jae 0xe
;; L1:
;;      8: mov eax,0x5
;;      d: ret
;; L2:
;;      e: mov eax,0x6
;;     13: ret
;; ;; four-ranges
;; L0:
;;      0: cmp edi,0x2
;;      3: jb 0x10
;; L1:
;;      5: cmp edi,0x3
;;      8: jb 0x14
;; L7:
;;      a: mov eax,0x7
;;      f: ret
;; L3:
;;     10: test edi,edi
;;     12: jne 0x1a
;; L5:
;;     14: mov eax,0x5
;;     19: ret
;; L6:
;;     1a: mov eax,0x6
;;     1f: ret
;; ;; white-space
;; L0:
;;      0: cmp edi,0x9
;;      3: mov eax,0x9
;;      8: cmovb eax,edi
;;      b: mov ecx,0x12c
;;     10: bt ecx,eax
;;     13: jae 0x1b
;; L1:
;;     15: mov eax,0x5
;;     1a: ret
;; L2:
;;     1b: mov eax,0x6
;;     20: ret
;; ;; two-masks
;; L0:
;;      0: cmp edi,0xa
;;      3: mov eax,0xa
;;      8: cmovb eax,edi
;;      b: mov ecx,0x235
;;     10: bt ecx,eax
;;     13: jb 0x25
;; L1:
;;     15: mov ecx,0x18a
;;     1a: bt ecx,eax
;;     1d: jae 0x2b
;; L3:
;;     1f: mov eax,0x6
;;     24: ret
;; L2:
;;     25: mov eax,0x5
;;     2a: ret
;; L4:
;;     2b: mov eax,0x7
;;     30: ret
;; ;; mask-and-default
;; L0:
;;      0: cmp edi,0xa
;;      3: jae 0x1b
;; L1:
;;      5: mov eax,0x235
;;      a: bt eax,edi
;;      d: jae 0x15
;; L2:
;;      f: mov eax,0x5
;;     14: ret
;; L3:
;;     15: mov eax,0x6
;;     1a: ret
;; L4:
;;     1b: mov eax,0x7
;;     20: ret
;; ;; masked-index
;; L0:
;;      0: and edi,0x7
;;      3: lea rax,[rip+0x2a] # 0x34
;;      a: movsxd rcx,DWORD PTR [rax+rdi*4]
;;      e: add rax,rcx
;;     11: jmp rax
;; L7:
;;     13: mov eax,0x5
;;     18: ret
;; L8:
;;     19: mov eax,0x6
;;     1e: ret
;; L9:
;;     1f: mov eax,0x7
;;     24: ret
;; L10:
;;     25: mov eax,0x8
;;     2a: ret
;; L11:
;;     2b: mov eax,0x9
;;     30: ret
;;     31: nop DWORD PTR [rax]
;; L14:
;;     34: .byte 0xdf,0xff,0xff,0xff
;;     38: .byte 0xe5,0xff,0xff,0xff
;;     3c: .byte 0xeb,0xff,0xff,0xff
;;     40: .byte 0xf1,0xff,0xff,0xff
;;     44: .byte 0xdf,0xff,0xff,0xff
;;     48: .byte 0xe5,0xff,0xff,0xff
;;     4c: .byte 0xeb,0xff,0xff,0xff
;;     50: .byte 0xf7,0xff,0xff,0xff
