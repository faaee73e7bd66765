using System.Globalization;
using System.Text;

namespace OrleansBackup.Domain.Exports;

/// <summary>One file of an export.</summary>
/// <param name="Sha256">In small letters.</param>
/// <param name="Name">With '/' between folders.</param>
public sealed record ExportedFile(string Sha256, long Bytes, string Name);

/// <summary>The list of files of an export: one line for each, <c>sha256 bytes name</c>, and comments that begin with '#'. Any program that hashes can compare it.</summary>
public static class ExportManifest
{
    /// <summary>In the folder of an export, with <see cref="Signature"/> and <see cref="PublicKey"/> beside it.</summary>
    public const string FileName = "manifest.txt";

    /// <summary>In each archive, over its other entries.</summary>
    public const string InArchive = "_manifest.txt";

    public const string Signature = "manifest.sig", PublicKey = "provider.pem", NotIncluded = "_not-included.txt";

    public static string Line(ExportedFile file) => string.Create(CultureInfo.InvariantCulture, $"{file.Sha256} {file.Bytes} {file.Name}\n");

    /// <exception cref="InvalidDataException">It is no such list.</exception>
    public static List<ExportedFile> Read(ReadOnlySpan<byte> bytes)
    {
        var files = new List<ExportedFile>();
        foreach (var line in Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#'))
            files.Add(line.Split(' ', 3) is [{ Length: 64 } hash, var length, { Length: > 0 } name] && long.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                ? new(hash, count, name) : throw new InvalidDataException($"'{line}' is no line of a manifest."));
        return files;
    }
}
