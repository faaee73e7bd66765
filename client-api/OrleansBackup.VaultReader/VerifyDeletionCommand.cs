using System.IO.Compression;
using OrleansBackup.Vault.Keys.Destruction;

namespace OrleansBackup.VaultReader;

/// <summary><c>vault verify-deletion</c>: whether a deletion record is what the provider signed and does not contradict itself. Needs no store and no key of ours.</summary>
internal static class VerifyDeletionCommand
{
    private const string RecordName = "record.json", SignatureName = "record.sig", InventoryName = "inventory.txt";

    public static async Task<ExitCode> RunAsync(CommandLine line, TableWriter table, CancellationToken cancellation)
    {
        var path = line.Target[0];
        var files = Path.GetExtension(path).Equals(".zip", StringComparison.OrdinalIgnoreCase)
            ? await FromArchiveAsync(path, cancellation) : await FromFolderAsync(path, cancellation);
        if (files.Record is null || files.Signature is null)
            throw new CommandException(ExitCode.NotFound, $"'{path}' lacks {(files.Record is null ? RecordName : SignatureName)}: give the .zip as it was downloaded, or the {RecordName} with {SignatureName} and {InventoryName} beside it.");
        // The key that came with the record proves nothing: the caller's own copy counts.
        var publicKey = await File.ReadAllTextAsync(line.Options["public-key"], cancellation);
        ReadOnlyMemory<byte>? inventory = files.Inventory is null ? null : files.Inventory.AsMemory(); // a bare null would become empty bytes
        var verdict = DeletionRecordVerifier.Verify(files.Record, files.Signature, publicKey, inventory);
        if (verdict.Record is { } record)
            await table.WriteAsync(["tenant", "store", "ordered by", "reason", "keys destroyed at", "objects", "left"],
                new[] { new object?[] { record.Tenant, record.Store, record.OrderedBy, record.Reason, record.KeysDestroyedAt, record.Inventory.Objects, record.ObjectsLeft.Objects } }.ToAsyncEnumerable(), cancellation);
        string[] found = [.. verdict.IsValid ? ["valid"] : verdict.Problems, .. files.Inventory is null ? ["the inventory was not compared"] : Array.Empty<string>()];
        await table.WriteAsync(["verdict"], found.Select(problem => new object?[] { problem }).ToAsyncEnumerable(), cancellation);
        return verdict.IsValid ? ExitCode.Done : ExitCode.Damage;
    }

    private static async Task<Files> FromArchiveAsync(string path, CancellationToken cancellation)
    {
        try
        {
            using var zip = ZipFile.OpenRead(path);
            return new(await EntryAsync(zip, RecordName, cancellation), await EntryAsync(zip, SignatureName, cancellation), await EntryAsync(zip, InventoryName, cancellation));
        }
        catch (InvalidDataException e)
        {
            throw new CommandException(ExitCode.Refused, $"'{path}' cannot be read as a .zip: {e.Message}");
        }
    }

    private static async Task<byte[]?> EntryAsync(ZipArchive zip, string name, CancellationToken cancellation)
    {
        if (zip.GetEntry(name) is not { } entry)
            return null;
        await using var content = await entry.OpenAsync(cancellation);
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, cancellation);
        return bytes.ToArray();
    }

    private static async Task<Files> FromFolderAsync(string path, CancellationToken cancellation)
    {
        var folder = Directory.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!;
        return new(await FileAsync(Directory.Exists(path) ? Path.Combine(path, RecordName) : path, cancellation),
            await FileAsync(Path.Combine(folder, SignatureName), cancellation), await FileAsync(Path.Combine(folder, InventoryName), cancellation));
    }

    private static async Task<byte[]?> FileAsync(string path, CancellationToken cancellation) => File.Exists(path) ? await File.ReadAllBytesAsync(path, cancellation) : null;

    private sealed record Files(byte[]? Record, byte[]? Signature, byte[]? Inventory);
}
