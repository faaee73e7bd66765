using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.Grains.Access;
using OrleansBackup.Grains.Composition;
using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Keys.Destruction;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Grains.Tenants;

/// <summary>Carries out the destruction of tenants and keeps the signed records, outside of any tenant's data.</summary>
internal sealed class TenantEnds(
    IOptions<DeletionOptions> options, IOptions<DataOptions> data, IKeyEncryption keys, TimeProvider time) : IDisposable
{
    private const int PieceBytes = 1 << 16;
    private const string NameForm = "yyyy-MM-dd't'HHmmss'z'";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly Lock _lock = new();
    private DeletionSigner? _signer;

    private string SigningKeyFile => options.Value.SigningKeyFile ?? Path.Combine(data.Value.Folder, "keys", "deletion-signing.pem");

    private string RecordsFolder => options.Value.RecordsFolder ?? Path.Combine(data.Value.Folder, "deletion-records");

    /// <summary>Made at the first use.</summary>
    /// <exception cref="Vault.KeyFileRefusedException">The file can be read by others, or holds no such key.</exception>
    public DeletionSigner Signer
    {
        get
        {
            lock (_lock)
            {
                if (_signer is not null)
                    return _signer;
                Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(SigningKeyFile))!);
                return _signer = File.Exists(SigningKeyFile) ? DeletionSigner.Open(SigningKeyFile) : DeletionSigner.Create(SigningKeyFile);
            }
        }
    }

    /// <summary>Destroys, or goes on with it, and keeps the record. When this returns the record is durable.</summary>
    public async Task<DeletionRecord> DestroyAsync(TenantId tenant, NamedStore store, DestructionOrder order, CancellationToken cancellation)
    {
        SignedDeletionRecord signed;
        try
        {
            signed = await Destruction(store).DestroyAsync(tenant.ToString(), order, options.Value.Sample, cancellation);
        }
        finally
        {
            store.Repository.ForgetKey(tenant.ToString()); // however far it came
        }
        var verdict = DeletionRecordVerifier.Verify(signed.Record, signed.Signature, signed.PublicKeyPem, signed.Inventory);
        if (!verdict.IsValid)
            throw new Vault.DeletionRecordException(tenant.ToString(), string.Join("; ", verdict.Problems));
        await KeepAsync(tenant, signed, verdict.Record!.RecordedAt, cancellation);
        return verdict.Record!;
    }

    /// <summary>Removes what the destruction left in the store to go on from.</summary>
    public Task ForgetAsync(TenantId tenant, NamedStore store, CancellationToken cancellation) => Destruction(store).ForgetAsync(tenant.ToString(), cancellation);

    /// <summary>The newest record's file.</summary>
    /// <exception cref="NotFoundException">There is none.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadRecordAsync(TenantId tenant, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var records = Records();
        var newest = (await records.ListAsync($"{tenant}/", cancellation).ToListAsync(cancellation)).OrderBy(name => name.Value, StringComparer.Ordinal).LastOrDefault();
        await using var file = (newest.Value is null ? null : await ((IBlobStore)records).OpenReadAsync(newest, cancellation)) ?? throw new NotFoundException($"There is no deletion record of tenant {tenant}.");
        var buffer = new byte[PieceBytes];
        while (await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation) is var read and > 0)
            yield return buffer.AsSpan(0, read).ToArray();
    }

    /// <summary>All records that are kept, oldest first.</summary>
    public async Task<ImmutableArray<KeptDeletionRecord>> ListRecordsAsync(CancellationToken cancellation) =>
    [
        .. from name in await Records().ListAsync("", cancellation).ToListAsync(cancellation)
           where TenantId.TryParse(name.Value.Split('/')[0], out _) && DateTimeOffset.TryParseExact(Path.GetFileNameWithoutExtension(name.Value), NameForm, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _)
           let at = DateTimeOffset.ParseExact(Path.GetFileNameWithoutExtension(name.Value), NameForm, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
           orderby at, name.Value
           select new KeptDeletionRecord(name, TenantId.Parse(name.Value.Split('/')[0]), at),
    ];

    /// <returns>SHA-256 of the record's file.</returns>
    public async Task<string> HashOfRecordAsync(BlobName name, CancellationToken cancellation) =>
        Convert.ToHexStringLower(SHA256.HashData((await Records().GetAsync(name, cancellation) ?? default).Span));

    /// <summary>Its legal term is over. Safe to repeat.</summary>
    public Task DeleteRecordAsync(BlobName name, CancellationToken cancellation) => Records().DeleteAsync(name, cancellation);

    public void Dispose() => _signer?.Dispose();

    private TenantDestruction Destruction(NamedStore store) => new(store.Store, store.Name, keys, Signer, time);

    // What a store deletes only later makes a newer edition of the record, under a later name.
    private async Task KeepAsync(TenantId tenant, SignedDeletionRecord signed, string recordedAt, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            Write(zip, "record.json", signed.Record);
            Write(zip, "record.sig", signed.Signature);
            Write(zip, "inventory.txt", signed.Inventory);
            Write(zip, "provider.pem", System.Text.Encoding.ASCII.GetBytes(signed.PublicKeyPem));
        }
        var name = new BlobName($"{tenant}/{recordedAt.Replace(":", "", StringComparison.Ordinal).ToLowerInvariant()}.zip");
        await Records().PutIfAbsentAsync(name, bytes.ToArray(), cancellation); // false: made twice within a second, and the same
    }

    private FolderBlobStore Records()
    {
        if (!Directory.Exists(RecordsFolder) && !OperatingSystem.IsWindows())
            Directory.CreateDirectory(RecordsFolder, OwnerOnly);
        return new(RecordsFolder, time);
    }

    private void Write(ZipArchive zip, string name, byte[] content)
    {
        var entry = zip.CreateEntry(name);
        entry.LastWriteTime = time.GetUtcNow();
        using var stream = entry.Open();
        stream.Write(content);
    }
}

/// <summary>A signed record of a destruction, as it is kept.</summary>
internal sealed record KeptDeletionRecord(BlobName Name, TenantId Tenant, DateTimeOffset At);
