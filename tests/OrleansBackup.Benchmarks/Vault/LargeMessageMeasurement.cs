using System.Buffers.Text;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Benchmarks.Vault;

/// <summary>One message of the greatest size that Microsoft 365 can be set to, made while it is read: stored in a folder, and read back.</summary>
internal static class LargeMessageMeasurement
{
    private const int SourceMegabytes = 150;
    private static readonly ResourceName Mailbox = new("benchmark", "mailbox-1");

    public static async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("vault-benchmark-").FullName;
        try
        {
            var vault = new VaultRepository(new FolderBlobStore(Path.Combine(folder, "vault")), KeyFile.Create(Path.Combine(folder, "key")), new VaultOptions(), TimeProvider.System);
            await vault.CreateTenantAsync(Mailbox.Tenant, cancellation);
            var mailbox = await vault.OpenAsync(Mailbox, cancellation);
            await StoreAsync(mailbox, 1, cancellation); // what the runtime itself needs is there before measuring
            var (before, watch) = (ProcessCost.Of(Environment.ProcessId), Stopwatch.StartNew());
            var mail = await StoreAsync(mailbox, SourceMegabytes, cancellation);
            var (stored, storing) = (ProcessCost.Of(Environment.ProcessId), watch.Elapsed);
            watch.Restart();
            await using var point = await mailbox.OpenPointAsync((await mailbox.ListPointsAsync(cancellation))[^1].Sequence, cancellation);
            await using var stream = await point.OpenContentAsync(mail, cancellation);
            await stream.CopyToAsync(Stream.Null, cancellation);
            return
            [
                new("source", Number(mail.Length / 1e6) + " MB"),
                new("stored, MB/s", Number(mail.Length / 1e6 / storing.TotalSeconds)),
                new("read back and verified, MB/s", Number(mail.Length / 1e6 / watch.Elapsed.TotalSeconds)),
                new("greatest memory of the process while storing, over before", Number((stored.PeakMemoryBytes - before.PeakMemoryBytes) / 1e6) + " MB"),
            ];
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    private static async Task<ContentReference> StoreAsync(ResourceVault mailbox, int megabytes, CancellationToken cancellation)
    {
        await using var run = await mailbox.BeginRunAsync(Guid.NewGuid(), TimeProvider.System.GetUtcNow(), cancellation);
        var mail = await run.StoreMailAsync(new GeneratedMessage(megabytes * 1_000_000L), cancellation);
        await run.UpsertAsync(new($"message-{megabytes}", "inbox", "message", "", mail.Length, null,
            ImmutableSortedDictionary<string, string>.Empty, ImmutableSortedDictionary<string, ContentReference>.Empty.Add("mime", mail)), cancellation);
        await run.SealAsync("", ImmutableSortedDictionary<string, string>.Empty, cancellation);
        return mail;
    }

    private static string Number(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);

    /// <summary>A header and one attachment of random bytes, in lines of 76 characters.</summary>
    private sealed class GeneratedMessage(long length) : MemoryStream
    {
        private const int LineBytes = 57, LineText = 78, Lines = 1024;
        private readonly Random _random = new(1);
        private readonly byte[] _bytes = new byte[LineBytes];
        private readonly byte[] _lines = new byte[LineText * Lines];
        private ReadOnlyMemory<byte> _ahead = "Content-Transfer-Encoding: base64\r\n\r\n"u8.ToArray();
        private long _made;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_ahead.IsEmpty && _made < length)
                MakeLines();
            var count = Math.Min(buffer.Length, _ahead.Length);
            _ahead.Span[..count].CopyTo(buffer.Span);
            _ahead = _ahead[count..];
            _made += count;
            return ValueTask.FromResult(count);
        }

        private void MakeLines()
        {
            for (var line = 0; line < Lines; line++)
            {
                _random.NextBytes(_bytes);
                Base64.EncodeToUtf8(_bytes, _lines.AsSpan(line * LineText), out _, out var written);
                "\r\n"u8.CopyTo(_lines.AsSpan(line * LineText + written));
            }
            _ahead = _lines;
        }
    }
}
