namespace Microscale.Guard;

/// <summary>What small square matrices, as arrays of rows, are needed for.</summary>
internal static class SquareMatrix
{
    private const int MaxSweeps = 64;

    /// <summary>A matrix of zeros.</summary>
    public static double[][] Zero(int size) => [.. Enumerable.Range(0, size).Select(_ => new double[size])];

    /// <summary>Solves A x = b for a positive definite A, by Gaussian elimination with pivoting.</summary>
    /// <param name="matrix">A; it is overwritten.</param>
    /// <param name="right">b; it is overwritten.</param>
    public static double[] Solve(double[][] matrix, double[] right)
    {
        var n = right.Length;
        for (var column = 0; column < n; column++)
        {
            var pivot = Enumerable.Range(column, n - column).MaxBy(r => Math.Abs(matrix[r][column]));
            (right[column], right[pivot]) = (right[pivot], right[column]);
            (matrix[column], matrix[pivot]) = (matrix[pivot], matrix[column]);
            for (var row = column + 1; row < n; row++)
            {
                var factor = matrix[row][column] / matrix[column][column];
                right[row] -= factor * right[column];
                for (var j = column; j < n; j++)
                {
                    matrix[row][j] -= factor * matrix[column][j];
                }
            }
        }

        for (var row = n - 1; row >= 0; row--)
        {
            for (var j = row + 1; j < n; j++)
            {
                right[row] -= matrix[row][j] * right[j];
            }

            right[row] /= matrix[row][row];
        }

        return right;
    }

    /// <summary>The eigenvalues, in no order.</summary>
    /// <param name="matrix">A symmetric matrix; it is overwritten.</param>
    /// <remarks>Cyclic Jacobi rotations: Golub and Van Loan, "Matrix Computations", section 8.5. They always converge, for matrices of
    /// up to a hundred rows within about ten sweeps.</remarks>
    public static double[] Eigenvalues(double[][] matrix)
    {
        var n = matrix.Length;
        for (var sweep = 0; sweep < MaxSweeps && OffDiagonal(matrix) > 1e-24; sweep++)
        {
            for (var p = 0; p < n; p++)
            {
                for (var q = p + 1; q < n; q++)
                {
                    Rotate(matrix, p, q);
                }
            }
        }

        return [.. Enumerable.Range(0, n).Select(i => matrix[i][i])];
    }

    private static double OffDiagonal(double[][] matrix)
    {
        var sum = 0.0;
        for (var i = 0; i < matrix.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                sum += matrix[i][j] * matrix[i][j];
            }
        }

        return sum;
    }

    /// <summary>Turns rows and columns p and q so that the element (p, q) vanishes.</summary>
    private static void Rotate(double[][] matrix, int p, int q)
    {
        if (matrix[p][q] == 0)
        {
            return;
        }

        var tau = (matrix[q][q] - matrix[p][p]) / (2 * matrix[p][q]);
        var t = (tau >= 0 ? 1 : -1) / (Math.Abs(tau) + Math.Sqrt(1 + (tau * tau)));
        var c = 1 / Math.Sqrt(1 + (t * t));
        var s = t * c;
        var n = matrix.Length;
        for (var k = 0; k < n; k++)
        {
            (matrix[k][p], matrix[k][q]) = ((c * matrix[k][p]) - (s * matrix[k][q]), (s * matrix[k][p]) + (c * matrix[k][q]));
        }

        for (var k = 0; k < n; k++)
        {
            (matrix[p][k], matrix[q][k]) = ((c * matrix[p][k]) - (s * matrix[q][k]), (s * matrix[p][k]) + (c * matrix[q][k]));
        }
    }
}
