using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Benchmarks.Vault;

/// <summary>A mailbox of very many small messages: what its first backup holds in memory, and how long it takes to find something in it.</summary>
internal static class ManyItemsMeasurement
{
    private const int Folders = 50;
    private const int SegmentChanges = 250; // as the server commits
    private const int Page = 100;
    private static readonly ResourceName Mailbox = new("benchmark", "mailbox-1");
    private static readonly string[] Words = ["offer", "invoice", "meeting", "contract", "holiday", "server", "report", "question", "delivery", "password"];

    public static async Task<IReadOnlyList<Figure>> RunAsync(int items, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("vault-many-").FullName;
        try
        {
            var before = ProcessCost.Of(Environment.ProcessId).PeakMemoryBytes;
            var watch = Stopwatch.StartNew();
            await BackUpAsync(items, Repository(folder), cancellation);
            var (elapsed, peak) = (watch.Elapsed, ProcessCost.Of(Environment.ProcessId).PeakMemoryBytes);

            watch.Restart(); // a reader that knows nothing yet
            await using var point = await OpenAsync(folder, cancellation);
            var opened = watch.Elapsed;
            var wanted = Id(items / 3);
            var found = (await point.FindAsync(wanted, cancellation))!;
            await using (var content = await point.OpenContentAsync(found.Contents["mime"], cancellation))
                await content.CopyToAsync(Stream.Null, cancellation);
            var one = watch.Elapsed;

            watch.Restart();
            var page = await point.ItemsAsync(new ItemFilter("message", Folder(7), Id(items / 2)), cancellation).Take(Page).CountAsync(cancellation);
            var listed = watch.Elapsed;

            watch.Restart();
            var rare = await point.SearchAsync(new ItemQuery([$"n{items / 5}q"], "message", null, null), cancellation).CountAsync(cancellation);
            var searched = watch.Elapsed;
            if (page != Page || rare != 1)
                throw new InvalidOperationException($"The page has {page} items, and the search found {rare}: the measurement is worth nothing.");
            return
            [
                new("first backup: time", Seconds(elapsed)),
                new("first backup: peak memory, the bare process included", Megabytes(peak), "under 300 MB for a million"),
                new("  of that: the process before", Megabytes(before)),
                new("a new reader: the point open", Milliseconds(opened)),
                new("a new reader: one message found and read", Milliseconds(one), "under 1 s"),
                new($"{Page} messages out of the middle of a folder", Milliseconds(listed)),
                new("search for a word that one message has", Milliseconds(searched)),
                new("peak memory with all that", Megabytes(ProcessCost.Of(Environment.ProcessId).PeakMemoryBytes)),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task BackUpAsync(int items, VaultRepository vault, CancellationToken cancellation)
    {
        await vault.CreateTenantAsync(Mailbox.Tenant, cancellation);
        await using var run = await (await vault.OpenAsync(Mailbox, cancellation)).BeginRunAsync(Guid.NewGuid(), TimeProvider.System.GetUtcNow(), cancellation);
        var random = new Random(1);
        var text = new StringBuilder();
        for (var i = 0; i < items; i++)
        {
            text.Clear().Append(CultureInfo.InvariantCulture, $"Message-ID: <{i}@{random.NextInt64():x}>\r\n\r\n");
            for (var word = 0; word < 60; word++)
                text.Append(Words[random.Next(Words.Length)]).Append(' ').Append(random.Next(10_000)).Append(' ');
            var mime = Encoding.ASCII.GetBytes(text.ToString());
            var content = await run.StoreMailAsync(new MemoryStream(mime), cancellation);
            await run.UpsertAsync(new(Id(i), Folder(i % Folders), "message", $"{Words[i % Words.Length]} {Words[i / 7 % Words.Length]} n{i}q", mime.Length,
                new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(i), ImmutableSortedDictionary<string, string>.Empty
                    .Add("from", $"person{random.Next(5_000)}@example.org").Add("changeKey", random.NextInt64().ToString("x16", CultureInfo.InvariantCulture)),
                ImmutableSortedDictionary<string, ContentReference>.Empty.Add("mime", content)), cancellation);
            if (run.PendingChanges >= SegmentChanges)
                await run.CommitSegmentAsync("", cancellation);
        }
        await run.SealAsync("", ImmutableSortedDictionary<string, string>.Empty, cancellation);
    }

    private static VaultRepository Repository(string folder)
    {
        var key = Path.Combine(folder, "key");
        return new(new FolderBlobStore(Path.Combine(folder, "vault")), File.Exists(key) ? KeyFile.Open(key) : KeyFile.Create(key), new VaultOptions(), TimeProvider.System);
    }

    private static async Task<PointReader> OpenAsync(string folder, CancellationToken cancellation)
    {
        var resource = await Repository(folder).OpenAsync(Mailbox, cancellation);
        return await resource.OpenPointAsync((await resource.ListPointsAsync(cancellation))[^1].Sequence, cancellation);
    }

    // As Microsoft 365 gives them: long, and in no order of arrival.
    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"AAMkAGI2{(uint)number * 2654435761u:x8}AAA-{number:d8}AAAAAAEMAAB{number % 97:x2}QAA");

    private static string Folder(int number) => string.Create(CultureInfo.InvariantCulture, $"folder-{number:d3}");

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");

    private static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.0} ms");

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB");
}
