using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OrleansBackup.Grains.Access;
using OrleansBackup.Grains.Composition;
using OrleansBackup.Vault.Keys;

namespace OrleansBackup.Grains.Tests.Composition;

/// <summary>A process that has another store or another key than its cluster is told so before it joins.</summary>
public sealed class InstallationCheckTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("orleansbackup-installation-").FullName;
    private readonly Record _record = new();

    public InstallationCheckTests()
    {
        KeyFile.Create(Of("a.key"));
        KeyFile.Create(Of("b.key"));
    }

    [Fact]
    public async Task Processes_with_one_store_and_one_key_are_let_in_again_and_again_and_the_mark_is_no_tenant()
    {
        await CheckAsync("shared", "a");
        await CheckAsync("shared", "a");
        Assert.Equal(["key", "store/main"], _record.Rows.Keys.Order());
        using var process = Process("shared", "a");
        Assert.Empty(await process.GetRequiredService<VaultStores>().Default.Repository.ListTenantsAsync(default).ToListAsync());
    }

    [Fact]
    public async Task A_folder_that_is_not_shared_is_refused_with_the_setting()
    {
        await CheckAsync("shared", "a");
        var empty = await Assert.ThrowsAsync<InstallationDiffersException>(() => CheckAsync("of-its-own", "a"));
        Assert.Contains("does not bear their mark", empty.Message, StringComparison.Ordinal);
        Assert.Contains($"Vault:Stores:main:Path is '{Of("of-its-own")}'", empty.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.Exists(Of("of-its-own")) ? Directory.GetFileSystemEntries(Of("of-its-own")) : []); // refused, not marked

        File.Copy(Path.Combine(Of("shared"), "installation-mark"), Path.Combine(Directory.CreateDirectory(Of("copy")).FullName, "installation-mark"));
        await CheckAsync("copy", "a"); // put back from a copy it is the same store
        File.WriteAllText(Path.Combine(Of("copy"), "installation-mark"), "another");
        Assert.Contains("bears another mark", (await Assert.ThrowsAsync<InstallationDiffersException>(() => CheckAsync("copy", "a"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_that_mark_folders_of_their_own_in_the_same_moment_one_is_refused()
    {
        _record.BeforeKeep = async () =>
        {
            _record.BeforeKeep = null;
            await CheckAsync("second", "a");
        };
        await Assert.ThrowsAsync<InstallationDiffersException>(() => CheckAsync("first", "a"));
        await CheckAsync("second", "a");
    }

    [Fact]
    public async Task A_store_that_knows_more_than_a_new_database_is_taken_as_it_is()
    {
        await CheckAsync("shared", "a");
        _record.Rows.Clear();
        await CheckAsync("shared", "a");
        await Assert.ThrowsAsync<InstallationDiffersException>(() => CheckAsync("of-its-own", "a"));
    }

    [Fact]
    public async Task Another_key_is_refused_with_the_setting()
    {
        await CheckAsync("shared", "a");
        var refused = await Assert.ThrowsAsync<InstallationDiffersException>(() => CheckAsync("shared", "b"));
        Assert.Contains("Set Keys:File to a copy of their key file", refused.Message, StringComparison.Ordinal);
        await CheckAsync("shared", "a"); // what the other tried changed nothing
    }

    [Fact]
    public async Task During_a_rotation_who_has_both_keys_is_let_in_and_afterwards_only_the_new_one_counts()
    {
        await CheckAsync("shared", "a");
        await CheckAsync("shared", "b", previous: "a");
        await CheckAsync("shared", "b");
        await Assert.ThrowsAsync<InstallationDiffersException>(() => CheckAsync("shared", "a"));
        KeyFile.Create(Of("c.key"));
        await Assert.ThrowsAsync<InstallationDiffersException>(() => CheckAsync("shared", "c", previous: "a"));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private string Of(string name) => Path.Combine(_root, name);

    private async Task CheckAsync(string store, string key, string? previous = null)
    {
        using var process = Process(store, key, previous);
        await InstallationCheck.CheckAsync(process, _record, CancellationToken.None);
    }

    private ServiceProvider Process(string store, string key, string? previous = null)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Data:Folder"] = _root, ["Keys:File"] = Of($"{key}.key"), ["Keys:Previous:File"] = previous is null ? null : Of($"{previous}.key"),
            ["Vault:Stores:main:Kind"] = "folder", ["Vault:Stores:main:Path"] = Of(store),
        }).Build();
        return new ServiceCollection().AddLogging().AddBackupService(configuration).BuildServiceProvider();
    }

    private sealed class Record : IInstallationRecord
    {
        public ConcurrentDictionary<string, string> Rows { get; } = [];

        public Func<Task>? BeforeKeep { get; set; }

        public Task<string?> FindAsync(string name, CancellationToken cancellation) => Task.FromResult(Rows.GetValueOrDefault(name));

        public async Task<string> KeepFirstAsync(string name, string value, CancellationToken cancellation)
        {
            if (BeforeKeep is { } meanwhile)
                await meanwhile();
            return Rows.GetOrAdd(name, value);
        }

        public Task ReplaceAsync(string name, string before, string value, CancellationToken cancellation)
        {
            Rows.TryUpdate(name, value, before);
            return Task.CompletedTask;
        }
    }
}
