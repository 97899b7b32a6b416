using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microscale.Guard.Onnx;

/// <summary>Multiplies some groups of rows of a matrix with each of some rows of activations.</summary>
/// <param name="matrix">The matrix.</param>
/// <param name="firstGroup">The first group of <see cref="PackedMatrix.GroupRows"/> rows.</param>
/// <param name="groups">How many groups.</param>
/// <param name="activations">The activations, with memory for a multiple of <see cref="BlockKernels.TileRows"/> rows.</param>
/// <param name="rows">How many rows of activations.</param>
/// <param name="results">Receives for each row of activations a number for each row of the matrix.</param>
/// <param name="stride">Results from one row of activations to the next.</param>
/// <remarks>A row of activations gets the same bits beside any others.</remarks>
internal unsafe delegate void BlockKernel(
    PackedMatrix matrix, int firstGroup, int groups, QuantizedRows activations, int rows, float* results, long stride);

/// <summary>The kernels of matrices of 8-bit blocks, one for each kind of processor.</summary>
internal static unsafe class BlockKernels
{
    /// <summary>Rows of activations that share each read of the weights.</summary>
    public const int TileRows = 4;

    /// <summary>How far ahead, in bytes, weights are asked for: the processor's own guesses end at each page.</summary>
    public const int ReadAhead = 4096;

    /// <summary>The fastest that the processor can run.</summary>
    public static BlockKernel Best => Supported[0];

    /// <summary>Those that the processor can run, the fastest first.</summary>
    public static IReadOnlyList<BlockKernel> Supported { get; } =
    [
        .. AvxVnni.IsSupported && Fma.IsSupported ? [BlockKernel256<VnniDot>.Multiply] : Array.Empty<BlockKernel>(),
        .. Avx512BW.IsSupported && Vector512.IsHardwareAccelerated ? [BlockKernel512.Multiply] : Array.Empty<BlockKernel>(),
        .. Avx2.IsSupported && Fma.IsSupported ? [BlockKernel256<Avx2Dot>.Multiply] : Array.Empty<BlockKernel>(),
        BlockKernel128.Multiply,
    ];
}
