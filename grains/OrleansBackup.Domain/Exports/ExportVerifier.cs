using System.IO.Compression;
using System.Security.Cryptography;
using OrleansBackup.Domain.Evidence;

namespace OrleansBackup.Domain.Exports;

/// <param name="Problems">None: every file is there, is what was signed, and nothing else is there.</param>
/// <param name="Files">So many were hashed, those in archives included.</param>
public sealed record ExportVerdict(IReadOnlyList<string> Problems, long Files)
{
    public bool IsValid => Problems.Count == 0;
}

/// <summary>Whether an export in a folder is what the provider signed: needs no store, no key of ours, and no network.</summary>
public static class ExportVerifier
{
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static async Task<ExportVerdict> VerifyAsync(string folder, string publicKeyPem, CancellationToken cancellation)
    {
        var (problems, files) = (new List<string>(), 0L);
        var path = Path.Combine(folder, ExportManifest.FileName);
        if (!File.Exists(path) || !File.Exists(Path.Combine(folder, ExportManifest.Signature)))
            return new([$"There is no {ExportManifest.FileName} with {ExportManifest.Signature} in this folder: it is no export, or one that was not finished."], 0);
        var manifest = await File.ReadAllBytesAsync(path, cancellation);
        var signature = await File.ReadAllBytesAsync(Path.Combine(folder, ExportManifest.Signature), cancellation);
        if (!EvidenceSignature.IsValid(publicKeyPem, manifest, signature))
            return new(["The signature of the manifest is not that of this public key."], 0);
        if (Read(manifest) is not { } listed)
            return new([$"{ExportManifest.FileName} is signed and no list of files."], 0);
        // The key that counts is the caller's own. One beside the files that differs was put there to be taken for it.
        var beside = Path.Combine(folder, ExportManifest.PublicKey);
        if (File.Exists(beside) && EvidenceSignature.FingerprintOf(await File.ReadAllTextAsync(beside, cancellation)) != EvidenceSignature.FingerprintOf(publicKeyPem))
            problems.Add($"{ExportManifest.PublicKey} holds another key than the one that was given.");
        foreach (var file in listed)
        {
            // A name is never followed out of the folder, whoever wrote the manifest.
            if (Path.GetFileName(file.Name) != file.Name || !File.Exists(Path.Combine(folder, file.Name)))
            {
                problems.Add($"{file.Name} is missing.");
                continue;
            }
            await using var stream = File.OpenRead(Path.Combine(folder, file.Name));
            files++;
            if (stream.Length != file.Bytes || Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation)) != file.Sha256)
                problems.Add($"{file.Name} is not the file that was exported.");
            else
                files += await TryArchiveAsync(stream, file.Name, problems, cancellation);
        }
        var known = listed.Select(file => file.Name).Concat([ExportManifest.FileName, ExportManifest.Signature, ExportManifest.PublicKey]).ToHashSet(StringComparer.Ordinal);
        problems.AddRange(Directory.EnumerateFileSystemEntries(folder).Select(entry => Path.GetFileName(entry)).Where(name => !known.Contains(name)).Select(name => $"{name} is no part of the export."));
        return new(problems, files);
    }

    private static async Task<long> TryArchiveAsync(Stream stream, string archive, List<string> problems, CancellationToken cancellation)
    {
        try
        {
            return await VerifyArchiveAsync(stream, archive, problems, cancellation);
        }
        catch (InvalidDataException damage)
        {
            problems.Add($"{archive} cannot be read as an archive: {damage.Message}");
            return 0;
        }
    }

    private static List<ExportedFile>? Read(byte[] manifest)
    {
        try
        {
            return ExportManifest.Read(manifest);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static async Task<long> VerifyArchiveAsync(Stream stream, string archive, List<string> problems, CancellationToken cancellation)
    {
        stream.Position = 0;
        await using var zip = await ZipArchive.CreateAsync(stream, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, cancellation);
        if (zip.GetEntry(ExportManifest.InArchive) is not { } list)
        {
            problems.Add($"{archive} has no {ExportManifest.InArchive}.");
            return 0;
        }
        using var text = new MemoryStream();
        await using (var opened = await list.OpenAsync(cancellation))
            await opened.CopyToAsync(text, cancellation);
        var files = 0L;
        foreach (var file in ExportManifest.Read(text.ToArray()))
        {
            files++;
            if (zip.GetEntry(file.Name) is not { } entry)
            {
                problems.Add($"{archive}: {file.Name} is missing.");
                continue;
            }
            await using var content = await entry.OpenAsync(cancellation);
            if (Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation)) != file.Sha256)
                problems.Add($"{archive}: {file.Name} is not what was exported.");
        }
        if (zip.Entries.Count != files + 1)
            problems.Add($"{archive} holds files that its list does not name.");
        return files;
    }
}
