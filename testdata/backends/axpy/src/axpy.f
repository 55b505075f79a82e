      subroutine axpy(n, a, x, y)
      integer n, i
      double precision a, x(n), y(n)
cf2py intent(in) a, x
cf2py intent(in, out) y
      do 10 i = 1, n
        y(i) = y(i) + a * x(i)
   10 continue
      end
