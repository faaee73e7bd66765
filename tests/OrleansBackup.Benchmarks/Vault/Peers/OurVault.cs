using System.Collections.Immutable;
using System.Diagnostics;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Benchmarks.Vault.Peers;

/// <summary>The vault, as the server uses it: in a process that is running, told what changed, every file a message of one mailbox.</summary>
internal sealed class OurVault(string work, string material) : IBackupTool
{
    private const int AtOnce = 4, Page = 100; // as a mailbox's run reads messages
    private const string MimeRole = "mime";
    private static readonly ResourceName Mailbox = new("benchmark", "mailbox-1");

    private VaultRepository? _vault;

    public string Name => "ours";

    private string Repository => Path.Combine(work, "vault");

    public async Task CreateAsync(CancellationToken cancellation)
    {
        _vault = new VaultRepository(new FolderBlobStore(Repository), KeyFile.Create(Path.Combine(work, "key")), new VaultOptions(), TimeProvider.System);
        await _vault.CreateTenantAsync(Mailbox.Tenant, cancellation);
    }

    public Task<Cost> BackUpAsync(IReadOnlyList<string>? changed, CancellationToken cancellation) => MeasureAsync(async () =>
    {
        await using var run = await (await OpenAsync(cancellation)).BeginRunAsync(Guid.NewGuid(), TimeProvider.System.GetUtcNow(), cancellation);
        var files = changed ?? [.. Directory.EnumerateFiles(material).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
        using var reads = new SemaphoreSlim(AtOnce);
        foreach (var page in files.Chunk(Page))
            foreach (var (file, content) in page.Zip(await Task.WhenAll(page.Select(file => StoreAsync(run, file, reads, cancellation)))))
            {
                await run.UpsertAsync(new(file, "inbox", "message", file, content.Length, null, ImmutableSortedDictionary<string, string>.Empty,
                    ImmutableSortedDictionary<string, ContentReference>.Empty.Add(MimeRole, content)), cancellation);
                if (run.PendingChanges >= 500 || run.PendingBytes >= 64 << 20) // as the server commits
                    await run.CommitSegmentAsync("", cancellation);
            }
        await run.SealAsync("", ImmutableSortedDictionary<string, string>.Empty, cancellation);
    });

    public Task<Cost> RestoreOneAsync(string file, string target, CancellationToken cancellation) => MeasureAsync(async () =>
    {
        await using var point = await NewestAsync(cancellation);
        await RestoreAsync(point, (await point.FindAsync(file, cancellation))!, target, cancellation);
    });

    public Task<Cost> RestoreAllAsync(string target, CancellationToken cancellation) => MeasureAsync(async () =>
    {
        await using var point = await NewestAsync(cancellation);
        await Parallel.ForEachAsync(point.ItemsAsync(ItemFilter.All, cancellation), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (item, token) => await RestoreAsync(point, item, target, token));
    });

    public long StoredBytes() => Files().Sum(file => file.Length);

    public int StoredObjects() => Files().Count();

    private IEnumerable<FileInfo> Files() => new DirectoryInfo(Repository).EnumerateFiles("*", SearchOption.AllDirectories);

    private Task<ResourceVault> OpenAsync(CancellationToken cancellation) => _vault!.OpenAsync(Mailbox, cancellation);

    private async Task<PointReader> NewestAsync(CancellationToken cancellation)
    {
        var resource = await OpenAsync(cancellation);
        return await resource.OpenPointAsync((await resource.ListPointsAsync(cancellation))[^1].Sequence, cancellation);
    }

    private async Task<ContentReference> StoreAsync(RunWriter run, string file, SemaphoreSlim reads, CancellationToken cancellation)
    {
        await reads.WaitAsync(cancellation);
        try
        {
            await using var mime = File.OpenRead(Path.Combine(material, file));
            return await run.StoreMailAsync(mime, cancellation);
        }
        finally { reads.Release(); }
    }

    private static async Task RestoreAsync(PointReader point, ItemVersion item, string target, CancellationToken cancellation)
    {
        await using var mime = await point.OpenContentAsync(item.Contents[MimeRole], cancellation);
        await using var file = File.Create(Path.Combine(target, item.Id));
        await mime.CopyToAsync(file, cancellation);
    }

    private static async Task<Cost> MeasureAsync(Func<Task> work)
    {
        var (processor, watch) = (Environment.CpuUsage.TotalTime, Stopwatch.StartNew());
        await Task.Run(work);
        var elapsed = watch.Elapsed;
        return new Cost(elapsed, Environment.CpuUsage.TotalTime - processor);
    }
}
