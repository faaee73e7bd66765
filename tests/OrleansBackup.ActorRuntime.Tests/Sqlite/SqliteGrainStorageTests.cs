using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using OrleansBackup.SqliteStorage;

namespace OrleansBackup.ActorRuntime.Tests.Sqlite;

public readonly record struct TenantKey(Guid Value);

public readonly record struct PlainName(string Text);

public sealed record Health(string Word, DateTimeOffset Since);

public enum Phase
{
    Waiting,
    Running,
}

public sealed class MailboxState
{
    public TenantKey Tenant { get; set; }
    public Phase Phase { get; set; }
    public DateOnly? Due { get; set; }
    public Dictionary<TenantKey, int> Counts { get; set; } = [];
    public ImmutableArray<PlainName> Names { get; set; } = [];
    public Health? Health { get; set; }
    public TimeSpan Window { get; set; } = TimeSpan.FromHours(8);
}

/// <summary>What the state file promises of grain state.</summary>
public sealed class SqliteGrainStorageTests
{
    private static readonly GrainId Id = GrainId.Create("mailbox", "tenant/user/1");
    private static readonly TenantKey Tenant = new(Guid.ParseExact("0f8fad5bd9cb469fa16570867728950e", "N"));

    [Fact]
    public async Task A_new_file_that_several_open_in_the_same_moment_is_made_once()
    {
        using var place = new OpenFile();
        using var ready = new Barrier(4);
        var opened = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            ready.SignalAndWait();
            return new SqliteStateFile(Microsoft.Extensions.Options.Options.Create(place.Settings));
        })));
        foreach (var file in opened)
            file.Dispose();
    }

    [Fact]
    public async Task A_document_is_readable_and_holds_no_type_names()
    {
        using var open = new OpenFile();
        await open.Storage.WriteStateAsync("resource", Id, new GrainState<MailboxState>(Sample()));

        // Golden: format 1. If this changes, documents that customers have stored change too.
        Assert.Equal(
            """{"Tenant":"0f8fad5b-d9cb-469f-a165-70867728950e","Phase":"Running","Due":"2026-03-01","Counts":{"0f8fad5b-d9cb-469f-a165-70867728950e":3},"Names":["a","é"],"Health":{"Word":"good","Since":"2026-03-01T00:00:00+00:00"},"Window":"08:00:00"}""",
            open.Ask("SELECT document FROM grain_state WHERE grain_id = 'mailbox/tenant/user/1' AND state_name = 'resource' AND format = 1"));
    }

    [Fact]
    public async Task What_was_written_is_read_back_as_it_was()
    {
        using var open = new OpenFile();
        await open.Storage.WriteStateAsync("resource", Id, new GrainState<MailboxState>(Sample()));
        open.Close();
        var read = new GrainState<MailboxState>();
        await open.Storage.ReadStateAsync("resource", Id, read);
        Assert.Equivalent(Sample(), read.State, strict: true);
        Assert.True(read.RecordExists);
    }

    [Fact]
    public async Task A_document_of_an_older_or_newer_release_opens()
    {
        using var open = new OpenFile();
        _ = open.File;
        open.Ask("""INSERT INTO grain_state VALUES ('mailbox/tenant/user/1', 'resource', 'e1', 1, '{"Phase":"Running","Unheard":{"Of":[1]}}')""");
        var read = new GrainState<MailboxState>();
        await open.Storage.ReadStateAsync("resource", Id, read);
        Assert.Equal(Phase.Running, read.State!.Phase);
        Assert.Equal(TimeSpan.FromHours(8), read.State.Window); // not in the document, so its default
        await open.Storage.WriteStateAsync("resource", Id, read);
    }

    [Fact]
    public async Task A_document_that_cannot_be_read_is_an_error_that_names_it_and_never_an_empty_state()
    {
        using var open = new OpenFile();
        _ = open.File;
        open.Ask("""INSERT INTO grain_state VALUES ('mailbox/tenant/user/1', 'broken', 'e1', 1, '{"Phase":"Dancing"}')""");
        open.Ask("""INSERT INTO grain_state VALUES ('mailbox/tenant/user/1', 'future', 'e1', 2, '{}')""");
        var broken = await Assert.ThrowsAsync<StateStoreException>(() => open.Storage.ReadStateAsync("broken", Id, new GrainState<MailboxState>()));
        Assert.Contains("mailbox/tenant/user/1", broken.Message, StringComparison.Ordinal);
        var future = await Assert.ThrowsAsync<StateStoreException>(() => open.Storage.ReadStateAsync("future", Id, new GrainState<MailboxState>()));
        Assert.Contains("newer release", future.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_writers_with_one_etag_the_second_fails_and_changes_nothing()
    {
        using var open = new OpenFile();
        var first = new GrainState<MailboxState>(Sample());
        await open.Storage.WriteStateAsync("resource", Id, first);
        var second = new GrainState<MailboxState>(new MailboxState(), first.ETag);
        await open.Storage.WriteStateAsync("resource", Id, first);

        var conflict = await Assert.ThrowsAsync<InconsistentStateException>(() => open.Storage.WriteStateAsync("resource", Id, second));
        Assert.Equal(first.ETag, conflict.StoredEtag);
        await Assert.ThrowsAsync<InconsistentStateException>(() => open.Storage.ClearStateAsync("resource", Id, second));
        await Assert.ThrowsAsync<InconsistentStateException>(() => open.Storage.WriteStateAsync("resource", Id, new GrainState<MailboxState>(new())));

        var read = new GrainState<MailboxState>();
        await open.Storage.ReadStateAsync("resource", Id, read);
        Assert.Equivalent(Sample(), read.State);
    }

    [Fact]
    public async Task An_etag_from_before_a_clear_is_worth_nothing_after_it()
    {
        using var open = new OpenFile();
        var old = new GrainState<MailboxState>(Sample());
        await open.Storage.WriteStateAsync("resource", Id, old);
        var clearing = new GrainState<MailboxState>(Sample(), old.ETag);
        await open.Storage.ClearStateAsync("resource", Id, clearing);
        Assert.False(clearing.RecordExists);
        await open.Storage.WriteStateAsync("resource", Id, clearing);
        await Assert.ThrowsAsync<InconsistentStateException>(() => open.Storage.WriteStateAsync("resource", Id, old));
    }

    [Fact]
    public async Task Clearing_what_is_not_there_is_no_error()
    {
        using var open = new OpenFile();
        await open.Storage.ClearStateAsync("resource", Id, new GrainState<MailboxState>());
    }

    [Fact]
    public async Task Every_acknowledged_write_is_in_the_files_at_every_moment()
    {
        using var open = new OpenFile();
        var acknowledged = new int[8];
        using var stop = new CancellationTokenSource();
        using var progress = new SemaphoreSlim(0);
        var writers = Enumerable.Range(0, acknowledged.Length).Select(writer => Task.Run(async () =>
        {
            var state = new GrainState<Counter>(new Counter());
            while (!stop.IsCancellationRequested)
            {
                state.State!.Value++;
                await open.Storage.WriteStateAsync("counter", GrainId.Create("counter", $"{writer}"), state);
                Volatile.Write(ref acknowledged[writer], state.State.Value);
                progress.Release();
            }
        })).ToArray();

        for (var kill = 0; kill < 10; kill++)
        {
            while (acknowledged.Any(value => Volatile.Read(in value) < 5 * (kill + 1)))
            {
                await (Array.Find(writers, writer => writer.IsCompleted) ?? Task.CompletedTask); // a writer that failed says so here
                Assert.True(await progress.WaitAsync(Fixtures.Given.Patience), "no write was acknowledged");
            }
            var before = acknowledged.ToArray();
            using var copy = open.CopyOfNow();
            for (var writer = 0; writer < before.Length; writer++)
            {
                var read = new GrainState<Counter>();
                await copy.Storage.ReadStateAsync("counter", GrainId.Create("counter", $"{writer}"), read);
                Assert.True(read.State!.Value >= before[writer], $"writer {writer}: {read.State.Value} stored, {before[writer]} acknowledged");
            }
        }
        await stop.CancelAsync();
        await Task.WhenAll(writers);
    }

    [Fact]
    public async Task One_write_that_fails_takes_no_other_with_it()
    {
        using var open = new OpenFile();
        var good = Enumerable.Range(0, 20).Select(i =>
            open.Storage.WriteStateAsync("counter", GrainId.Create("counter", $"{i}"), new GrainState<Counter>(new Counter { Value = i })));
        var bad = open.File.WriteAsync<int>(_ => throw new InvalidOperationException("poison"));
        await Task.WhenAll(good);
        await Assert.ThrowsAsync<InvalidOperationException>(() => bad);
        Assert.Equal("20", open.Ask("SELECT count(*) FROM grain_state"));
    }

    [Fact]
    public async Task A_full_disk_is_a_clear_error_and_what_was_stored_stays()
    {
        using var open = new OpenFile { LargestFileBytes = 200_000 };
        var state = new GrainState<string>("small");
        await open.Storage.WriteStateAsync("text", Id, state);
        state.State = new string('x', 1_000_000);

        var full = await Assert.ThrowsAsync<StateStoreFullException>(() => open.Storage.WriteStateAsync("text", Id, state));
        Assert.Contains(open.Path, full.Message, StringComparison.Ordinal);

        state.State = "small again";
        await open.Storage.WriteStateAsync("text", Id, state);
        var read = new GrainState<string>();
        await open.Storage.ReadStateAsync("text", Id, read);
        Assert.Equal("small again", read.State);
    }

    [Fact]
    public void A_file_of_something_else_or_of_a_newer_release_is_not_touched()
    {
        using var other = new OpenFile();
        other.Ask("CREATE TABLE theirs (a); PRAGMA user_version = 7;");
        Assert.Contains("something else", Assert.Throws<StateStoreException>(() => other.File).Message, StringComparison.Ordinal);

        using var newer = new OpenFile();
        _ = newer.File;
        newer.Close();
        newer.Ask("PRAGMA user_version = 99;");
        Assert.Contains("99", Assert.Throws<StateStoreException>(() => newer.File).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_file_is_an_error_that_names_it_and_says_what_to_do()
    {
        using var open = new OpenFile();
        await open.Storage.WriteStateAsync("resource", Id, new GrainState<MailboxState>(Sample()));
        open.Close();
        var bytes = await File.ReadAllBytesAsync(open.Path);
        bytes.AsSpan(0, 100).Fill(0x5A);
        await File.WriteAllBytesAsync(open.Path, bytes);
        var damaged = Assert.Throws<StateStoreException>(() => open.File);
        Assert.Contains(open.Path, damaged.Message, StringComparison.Ordinal);
        Assert.Contains("backup", damaged.Message, StringComparison.Ordinal);
        Assert.False(damaged.IsTransient);
    }

    [Fact]
    public void A_missing_library_names_the_package_to_install()
    {
        var missing = Assert.Throws<StateStoreException>(() => SystemSqlite.Open(["libsqlite3-that-is-not-there.so"]));
        Assert.Contains("apt-get install libsqlite3-0", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_else_on_the_machine_can_read_the_file()
    {
        using var open = new OpenFile();
        _ = open.File;
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(open.Path));
    }

    private static MailboxState Sample() => new()
    {
        Tenant = Tenant, Phase = Phase.Running, Due = new DateOnly(2026, 3, 1), Counts = new() { [Tenant] = 3 },
        Names = [new("a"), new("é")], Health = new Health("good", new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero)),
    };

    private sealed class Counter
    {
        public int Value { get; set; }
    }
}
