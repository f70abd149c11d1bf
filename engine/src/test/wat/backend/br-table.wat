;;! stage = asm
;; The index is clamped without a branch; the table holds distances and lies behind the function.
(module
  (func $switch (param i32) (result i32)
    (block $default (block $two (block $one (block $zero
      (br_table $zero $one $two $zero $default (local.get 0)))
      (return (i32.const 100)))
      (return (i32.const 101)))
      (return (i32.const 102)))
    (i32.const 103)))
;; ;; switch
;; L0:
;;      0: cmp edi,0x4
;;      3: mov eax,0x4
;;      8: cmovb eax,edi
;;      b: lea rcx,[rip+0x22] # 0x34
;;     12: movsxd rdx,DWORD PTR [rcx+rax*4]
;;     16: add rcx,rdx
;;     19: jmp rcx
;; L3:
;;     1b: mov eax,0x64
;;     20: ret
;; L4:
;;     21: mov eax,0x65
;;     26: ret
;; L5:
;;     27: mov eax,0x66
;;     2c: ret
;; L6:
;;     2d: mov eax,0x67
;;     32: ret
;;     33: nop
;; L8:
;;     34: .byte 0xe7,0xff,0xff,0xff
;;     38: .byte 0xed,0xff,0xff,0xff
;;     3c: .byte 0xf3,0xff,0xff,0xff
;;     40: .byte 0xe7,0xff,0xff,0xff
;;     44: .byte 0xf9,0xff,0xff,0xff
