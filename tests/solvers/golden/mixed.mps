NAME transform_sim
ROWS
 N total_cost
 L row(b0,2030)
 N row(b1,2030)
 E row(b2,2030)
 G row(b3,2030)
 G row(b4,2030)
COLUMNS
 x(a0,2030) total_cost 1
 x(a0,2030) row(b0,2030) 1
 x(a0,2030) row(b2,2030) 1
 x(a0,2030) row(b3,2030) 1
 x(a1,2030) total_cost -2
 x(a1,2030) row(b0,2030) 1
 x(a1,2030) row(b2,2030) -1
 x(a1,2030) row(b4,2030) 1
 x(a2,2030) total_cost 3
 x(a2,2030) row(b3,2030) 1
 x(a3,2030) total_cost 0
 x(a4,2030) total_cost -1
 x(a4,2030) row(b0,2030) 0.1
 x(a4,2030) row(b4,2030) 2
RHS
 RHS row(b0,2030) 3
 RHS row(b2,2030) 1
 RHS row(b3,2030) -4
 RHS row(b4,2030) -9
RANGES
 RANGE row(b3,2030) 11
BOUNDS
 MI BOUND x(a1,2030)
 UP BOUND x(a1,2030) 4
 LO BOUND x(a2,2030) -5
 UP BOUND x(a2,2030) -1
 FR BOUND x(a3,2030)
 FX BOUND x(a4,2030) -2
ENDATA
