using System.Text;
using Npgsql;

namespace OrleansBackup.PostgresSchema.Tests;

/// <summary>Grain state: an etag lets one of two writers through, and each statement is one probe of one index.</summary>
public sealed class StorageQueryTests(OneServer one) : IClassFixture<OneServer>, IAsyncLifetime
{
    private NpgsqlDataSource _database = null!;
    private Provider _provider = null!;

    public async Task InitializeAsync()
    {
        if (PostgresServer.PostgresPrograms.Problem is not null)
            return;
        _database = NpgsqlDataSource.Create(await one.Server.CreateDatabaseAsync(CancellationToken.None));
        await ClusterSchema.MigrateAsync(_database, CancellationToken.None);
        _provider = new Provider(_database);
    }

    public async Task DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
    }

    [PostgresFact]
    public async Task State_is_read_back_as_written_and_has_a_new_version_each_time()
    {
        Assert.Empty(await _provider.AskAsync("ReadFromStorageKey", Key("a")));
        var first = await WriteAsync("a", null, "one");
        var second = await WriteAsync("a", first, "two");

        Assert.NotEqual(first, second);
        Assert.Equal(("two", second), await ReadAsync("a"));
    }

    [PostgresFact]
    public async Task Two_writers_with_one_version_or_with_none_do_not_both_succeed()
    {
        var version = await WriteAsync("a", null, "one");

        Assert.Null(await WriteAsync("a", null, "other"));
        Assert.NotNull(await WriteAsync("a", version, "two"));
        Assert.Null(await WriteAsync("a", version, "late"));
        Assert.Equal("two", (await ReadAsync("a"))!.Value.Text);
    }

    [PostgresFact]
    public async Task Of_many_writers_at_once_exactly_one_gets_through()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 12).Select(number => WriteAsync("many", null, $"made {number}")));
        var version = Assert.Single(made, version => version is not null);

        var changed = await Task.WhenAll(Enumerable.Range(0, 12).Select(number => WriteAsync("many", version, $"changed {number}")));

        Assert.Single(changed, version => version is not null);
    }

    [PostgresFact]
    public async Task A_writer_from_before_a_removal_does_not_fit_what_was_made_after_it()
    {
        var old = await WriteAsync("a", null, "one");
        Assert.Equal(old + 1, await _provider.ValueAsync("DeleteStorageKey", [.. Key("a"), ("GrainStateVersion", old)]));
        Assert.Null(await ReadAsync("a"));
        await WriteAsync("a", null, "anew");

        Assert.Null(await WriteAsync("a", old, "from before"));
        Assert.Empty(await _provider.AskAsync("DeleteStorageKey", [.. Key("a"), ("GrainStateVersion", old)]));
        Assert.Equal("anew", (await ReadAsync("a"))!.Value.Text);
    }

    [PostgresFact]
    public async Task Cleared_state_keeps_its_version_and_nothing_else()
    {
        var old = await WriteAsync("a", null, "one");

        var cleared = (int)(await _provider.ValueAsync("ClearStorageKey", [.. Key("a"), ("GrainStateVersion", old)]))!;

        Assert.Equal((null, (int?)cleared), await ReadAsync("a"));
        Assert.Empty(await _provider.AskAsync("ClearStorageKey", [.. Key("a"), ("GrainStateVersion", old)]));
        Assert.NotNull(await WriteAsync("a", cleared, "two"));
    }

    [PostgresFact]
    public async Task Grains_are_told_apart_by_every_part_of_their_key_even_when_the_hashes_are_equal()
    {
        (string Name, object? Value)[][] others =
        [
            Key("b"), With("GrainTypeString", "other"), With("ServiceId", "service-b"), With("GrainIdN0", 1L), With("GrainIdN1", 1L), With("GrainIdHash", 8), With("GrainTypeHash", 9),
        ];
        await WriteAsync("a", null, "one");
        foreach (var other in others)
            Assert.Empty(await _provider.AskAsync("ReadFromStorageKey", other));

        static (string, object?)[] With(string name, object value) => [.. Key("a").Select(part => part.Item1 == name ? (name, value) : part)];
    }

    [PostgresFact]
    public async Task A_numeric_key_has_no_text()
    {
        (string, object?)[] key = [.. Key("").Where(part => part.Item1 != "GrainIdExtensionString"), ("GrainIdExtensionString", new Provider.Absent(typeof(string)))];

        Assert.NotNull(await _provider.ValueAsync("WriteToStorageKey", [.. key, ("GrainStateVersion", null), ("PayloadBinary", Encoding.UTF8.GetBytes("number"))]));

        Assert.Single(await _provider.AskAsync("ReadFromStorageKey", key));
    }

    [PostgresFact]
    public async Task Reading_and_writing_probe_the_primary_key_and_a_write_touches_no_index()
    {
        await using var connection = await _database.OpenConnectionAsync();
        await using (var fill = new NpgsqlCommand("""
            INSERT INTO grain_state SELECT hashint4(n), 7, 'service-a', 'resource', 'key ' || n, 0, 0, 1, 'x', now() FROM generate_series(1, 20000) AS n;
            ANALYZE grain_state
            """, connection))
            await fill.ExecuteNonQueryAsync();
        var version = await WriteAsync("a", null, "one");
        for (var change = 0; change < 50; change++)
            version = await WriteAsync("a", version, $"change {change}");

        await using var plan = new NpgsqlCommand("""
            EXPLAIN SELECT document FROM grain_state
            WHERE key_hash = 1 AND type_hash = 7 AND service_id = 'service-a' AND type = 'resource' AND key_text = coalesce('key 1'::text, '') AND key_high = 0 AND key_low = 0
            """, connection);
        Assert.Contains("Index Scan using grain_state_pkey", (string)(await plan.ExecuteScalarAsync())!, StringComparison.Ordinal);
        await using var flush = new NpgsqlCommand("SELECT pg_stat_force_next_flush()", connection);
        await flush.ExecuteNonQueryAsync();
        await using var inPlace = new NpgsqlCommand("SELECT pg_relation_size('grain_state_pkey')", connection);
        var before = (long)(await inPlace.ExecuteScalarAsync())!;
        for (var change = 0; change < 200; change++)
            version = await WriteAsync("a", version, $"again {change}");
        Assert.Equal(before, await inPlace.ExecuteScalarAsync());
    }

    private static (string, object?)[] Key(string text) =>
    [
        ("GrainIdHash", 7), ("GrainIdN0", 0L), ("GrainIdN1", 0L), ("GrainTypeHash", -8), ("GrainTypeString", "resource"), ("GrainIdExtensionString", text), ("ServiceId", Provider.Service),
    ];

    /// <returns>The new version; null: refused.</returns>
    private async Task<int?> WriteAsync(string key, int? version, string text) => (int?)(await _provider.AskAsync(
        "WriteToStorageKey", [.. Key(key), ("GrainStateVersion", version), ("PayloadBinary", Encoding.UTF8.GetBytes(text))])).SingleOrDefault()?["NewGrainStateVersion"];

    private async Task<(string? Text, int? Version)?> ReadAsync(string key) => (await _provider.AskAsync("ReadFromStorageKey", Key(key))).SingleOrDefault() is { } row
        ? (row["PayloadBinary"] is byte[] bytes ? Encoding.UTF8.GetString(bytes) : null, (int?)row["Version"])
        : null;
}
