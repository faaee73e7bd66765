using System.Buffers.Binary;

namespace OrleansBackup.Portal.Previews;

/// <summary>What a picture really is, by its own bytes and not by what its sender says; and whether a browser can draw it without choking.</summary>
/// <remarks>Some kilobytes can say that they are a picture of a hundred thousand by a hundred thousand points: drawn, that is gigabytes. SVG is no picture here: it can hold scripts.</remarks>
internal static class PictureFile
{
    /// <summary>More than any camera makes.</summary>
    public const long MostPoints = 60_000_000;

    /// <returns>Its content type; null: no picture that is shown.</returns>
    public static string? ShowableType(ReadOnlySpan<byte> bytes) => Measure(bytes) is (var type, > 0 and var width, > 0 and var height) && (long)width * height <= MostPoints ? type : null;

    private static (string Type, int Width, int Height)? Measure(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= 24 && bytes.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]))
            return ("image/png", BinaryPrimitives.ReadInt32BigEndian(bytes[16..]), BinaryPrimitives.ReadInt32BigEndian(bytes[20..]));
        if (bytes.Length >= 10 && (bytes.StartsWith("GIF87a"u8) || bytes.StartsWith("GIF89a"u8)))
            return ("image/gif", BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]), BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]));
        if (bytes.Length >= 4 && bytes[0] == 0xFF && bytes[1] == 0xD8)
            return MeasureJpeg(bytes);
        return null;
    }

    private static (string, int, int)? MeasureJpeg(ReadOnlySpan<byte> bytes)
    {
        for (var at = 2; at + 9 < bytes.Length && bytes[at] == 0xFF;)
        {
            var marker = bytes[at + 1];
            // A frame header of any coding (ITU T.81, B.2.2), but not tables that share the range.
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
                return ("image/jpeg", BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 5)..]));
            at += 2 + Math.Max(2, (int)BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]));
        }
        return null;
    }
}
