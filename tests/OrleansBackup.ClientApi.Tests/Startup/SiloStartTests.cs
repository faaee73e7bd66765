using System.Net;
using System.Net.Sockets;
using OrleansBackup.Silo.Clock;
using OrleansBackup.Silo.Hosting;
using OrleansBackup.Silo.Startup;

namespace OrleansBackup.ClientApi.Tests.Startup;

/// <summary>The start of the whole server, in this process: what keeps it from starting is one line, and a code that is not zero.</summary>
[Collection(nameof(SiloStartTests))]
[CollectionDefinition(nameof(SiloStartTests), DisableParallelization = true)] // they listen to standard error
public sealed class SiloStartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orleansbackup-start-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_wrong_setting_is_named_at_once()
    {
        var line = await RefusedAsync(
            "--Api:Url", "ftp://x", "--Backup:Admission:ConcurrentRuns", "0", "--Clock:Start", "2026-01-01T00:00:00Z", "--Api:Keys:kim", "abc",
            "--Graph:Endpoint", "graph", "--Graph:TrustedCertificateFile", Path.Combine(_folder, "none.pem"));
        foreach (var setting in new[] { "Api:Url", "Backup:Admission:ConcurrentRuns", "Clock:Start", "Api:Keys:kim", "Graph:Endpoint", "Graph:TrustedCertificateFile" })
            Assert.Contains(setting, line, StringComparison.Ordinal);
        Assert.DoesNotContain("DataAnnotation", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setting_of_the_wrong_type_is_named() =>
        Assert.Contains("Backup:Admission:ConcurrentRuns", await RefusedAsync("--Backup:Admission:ConcurrentRuns", "many"), StringComparison.Ordinal);

    [Fact]
    public async Task A_folder_that_another_process_holds_is_refused()
    {
        using var held = DataFolder.Open(_folder);
        Assert.Contains("in use by another OrleansBackup process", await RefusedAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_refused()
    {
        var file = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(file, "");
        Assert.Contains("Data:Folder", await RefusedAsync("--Data:Folder", Path.Combine(file, "below")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_in_use_is_refused()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        Assert.Contains("in use", await RefusedAsync("--Api:Url", $"http://{other.LocalEndpoint}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_file_that_is_none_is_refused()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "keys"));
        var key = Path.Combine(_folder, "keys", "provider.key");
        await File.WriteAllTextAsync(key, "not a key");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Contains(key, await RefusedAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_key_file_a_store_that_holds_anything_is_refused_and_no_key_is_made()
    {
        var store = Path.Combine(_folder, "elsewhere");
        Directory.CreateDirectory(Path.Combine(store, "tenant"));
        await File.WriteAllTextAsync(Path.Combine(store, "tenant", "keys"), "wrapped by a key that is not here");
        var key = Path.Combine(_folder, "data", "keys", "provider.key");
        for (var start = 0; start < 2; start++) // the second must not find a key that the first left
        {
            var line = await RefusedAsync("--Data:Folder", Path.Combine(_folder, "data"), "--Vault:Stores:main:Kind", "folder", "--Vault:Stores:main:Path", store);
            Assert.Contains($"There is no key file at '{key}'", line, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(key)!));
        }
    }

    [Fact]
    public async Task A_state_file_that_is_none_is_refused()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "state.db"), string.Concat(Enumerable.Repeat("nonsense ", 1_000)));
        Assert.Contains("state.db", await RefusedAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_free_again_after_its_process()
    {
        using (var first = DataFolder.Open(_folder))
            first.WriteAddress("http://127.0.0.1:1");
        using var second = DataFolder.Open(_folder);
        Assert.False(File.Exists(Path.Combine(_folder, "address")));
    }

    [Fact]
    public void An_adjustable_clock_is_after_a_restart_where_it_was_and_never_earlier()
    {
        var file = Path.Combine(_folder, "clock");
        var start = new ClockOptions { Adjustable = true, Start = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero) };
        var first = ClockKeeper.Open(file, start);
        first.Advance(TimeSpan.FromDays(40));
        Assert.True(ClockKeeper.Open(file, start).GetUtcNow() >= start.Start.Value.AddDays(40));
    }

    private async Task<string> RefusedAsync(params string[] args)
    {
        var (error, written) = (Console.Error, new StringWriter());
        Console.SetError(written);
        try
        {
            Assert.Equal(1, await SiloHost.RunAsync(["--Data:Folder", _folder, "--Api:Url", "http://127.0.0.1:0", .. args]));
        }
        finally
        {
            Console.SetError(error);
        }
        Assert.Equal(1, written.ToString().Count(character => character == '\n'));
        return written.ToString();
    }
}
