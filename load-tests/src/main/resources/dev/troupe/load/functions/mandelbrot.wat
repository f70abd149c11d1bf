;; A tile of the Mandelbrot set. Payload, little endian: f64 left, f64 top, f64 step, u32 width,
;; u32 height, u32 limit. Result: one u16 a pixel, the number of iterations until |z| > 2.
(module
  (memory (export "memory") 1)

  ;; Guest ABI: where the caller may write the payload. Every call starts afresh.
  (func (export "troupe_alloc") (param $length i32) (result i32)
    (if (i32.gt_u (local.get $length) (i32.const 1024)) (then (unreachable)))
    (i32.const 4096))

  (func $iterations (param $x i32) (param $y i32) (result i32)
    (local $re f64) (local $im f64) (local $a f64) (local $b f64)
    (local $aa f64) (local $bb f64) (local $n i32) (local $limit i32)
    (local.set $re
      (f64.add
        (f64.load (i32.const 4096))
        (f64.mul (f64.load (i32.const 4112)) (f64.convert_i32_u (local.get $x)))))
    (local.set $im
      (f64.add
        (f64.load (i32.const 4104))
        (f64.mul (f64.load (i32.const 4112)) (f64.convert_i32_u (local.get $y)))))
    (local.set $limit (i32.load (i32.const 4128)))
    (block $out
      (loop $next
        (br_if $out (i32.ge_u (local.get $n) (local.get $limit)))
        (local.set $aa (f64.mul (local.get $a) (local.get $a)))
        (local.set $bb (f64.mul (local.get $b) (local.get $b)))
        (br_if $out (f64.gt (f64.add (local.get $aa) (local.get $bb)) (f64.const 4)))
        (local.set $b
          (f64.add
            (f64.mul (f64.mul (f64.const 2) (local.get $a)) (local.get $b))
            (local.get $im)))
        (local.set $a (f64.add (f64.sub (local.get $aa) (local.get $bb)) (local.get $re)))
        (local.set $n (i32.add (local.get $n) (i32.const 1)))
        (br $next)))
    (local.get $n))

  (func (export "handle") (param $p i32) (param $length i32) (result i64)
    (local $width i32) (local $height i32) (local $x i32) (local $y i32) (local $out i32)
    (local $bytes i64) (local $missing i32)
    (if (i32.ne (local.get $length) (i32.const 36)) (then (unreachable)))
    (local.set $width (i32.load (i32.const 4120)))
    (local.set $height (i32.load (i32.const 4124)))
    (local.set $bytes
      (i64.mul
        (i64.mul (i64.extend_i32_u (local.get $width)) (i64.extend_i32_u (local.get $height)))
        (i64.const 2)))
    (if (i64.gt_u (local.get $bytes) (i64.const 0x1000000)) (then (unreachable)))
    (local.set $missing
      (i32.sub
        (i32.shr_u (i32.add (i32.wrap_i64 (local.get $bytes)) (i32.const 73727)) (i32.const 16))
        (memory.size)))
    (if (i32.gt_s (local.get $missing) (i32.const 0))
      (then
        (if (i32.eq (memory.grow (local.get $missing)) (i32.const -1)) (then (unreachable)))))
    (local.set $out (i32.const 8192))
    (block $done
      (loop $rows
        (br_if $done (i32.ge_u (local.get $y) (local.get $height)))
        (local.set $x (i32.const 0))
        (block $end
          (loop $columns
            (br_if $end (i32.ge_u (local.get $x) (local.get $width)))
            (i32.store16 (local.get $out) (call $iterations (local.get $x) (local.get $y)))
            (local.set $out (i32.add (local.get $out) (i32.const 2)))
            (local.set $x (i32.add (local.get $x) (i32.const 1)))
            (br $columns)))
        (local.set $y (i32.add (local.get $y) (i32.const 1)))
        (br $rows)))
    (i64.or (i64.const 0x0000200000000000) (local.get $bytes))))
