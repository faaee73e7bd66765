using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OrleansBackup.Vault.Format;

/// <summary>Zstandard through the system's library, where it is there: about twice as fast as Brotli at the same size.</summary>
internal static partial class Zstandard
{
    private const string Library = "libzstd.so.1";

    // A context holds about a MiB of tables; making one for each block costs more than compressing a small block. There are never
    // more than were needed at once.
    private static readonly ConcurrentBag<Compressor> Compressors = [];
    private static readonly ConcurrentBag<Decompressor> Decompressors = [];

    public static bool IsAvailable { get; } = NativeLibrary.TryLoad(Library, typeof(Zstandard).Assembly, null, out _);

    /// <returns>The compressed length, or -1 if it does not fit.</returns>
    public static int Compress(ReadOnlySpan<byte> source, Span<byte> target, int level)
    {
        var context = Compressors.TryTake(out var kept) ? kept : CreateCompressor();
        try
        {
            var length = CompressWith(context, target, (nuint)target.Length, source, (nuint)source.Length, level);
            return IsError(length) != 0 ? -1 : checked((int)length);
        }
        finally { Compressors.Add(context); }
    }

    /// <returns>False: not zstd data, or not of exactly the expected length.</returns>
    public static bool TryDecompress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        var context = Decompressors.TryTake(out var kept) ? kept : CreateDecompressor();
        try
        {
            var length = DecompressWith(context, target, (nuint)target.Length, source, (nuint)source.Length);
            return IsError(length) == 0 && length == (nuint)target.Length;
        }
        finally { Decompressors.Add(context); }
    }

    [LibraryImport(Library, EntryPoint = "ZSTD_createCCtx")]
    private static partial Compressor CreateCompressor();

    [LibraryImport(Library, EntryPoint = "ZSTD_freeCCtx")]
    private static partial nuint FreeCompressor(nint context);

    [LibraryImport(Library, EntryPoint = "ZSTD_createDCtx")]
    private static partial Decompressor CreateDecompressor();

    [LibraryImport(Library, EntryPoint = "ZSTD_freeDCtx")]
    private static partial nuint FreeDecompressor(nint context);

    [LibraryImport(Library, EntryPoint = "ZSTD_compressCCtx")]
    private static partial nuint CompressWith(Compressor context, Span<byte> target, nuint targetLength, ReadOnlySpan<byte> source, nuint sourceLength, int level);

    [LibraryImport(Library, EntryPoint = "ZSTD_decompressDCtx")]
    private static partial nuint DecompressWith(Decompressor context, Span<byte> target, nuint targetLength, ReadOnlySpan<byte> source, nuint sourceLength);

    [LibraryImport(Library, EntryPoint = "ZSTD_isError")]
    private static partial uint IsError(nuint code);

    private sealed class Compressor() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
    {
        protected override bool ReleaseHandle() => IsError(FreeCompressor(handle)) == 0;
    }

    private sealed class Decompressor() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
    {
        protected override bool ReleaseHandle() => IsError(FreeDecompressor(handle)) == 0;
    }
}
