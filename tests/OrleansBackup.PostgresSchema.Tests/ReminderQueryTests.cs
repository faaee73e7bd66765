using Npgsql;

namespace OrleansBackup.PostgresSchema.Tests;

/// <summary>Reminders: by grain, and by part of the ring, whose numbers are unsigned where the column is signed.</summary>
public sealed class ReminderQueryTests(OneServer one) : IClassFixture<OneServer>, IAsyncLifetime
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
    public async Task A_reminder_is_read_back_as_set_and_setting_it_again_gives_another_version()
    {
        var first = await SetAsync("mailbox/a", "daily", 12);
        var second = await SetAsync("mailbox/a", "daily", 12, Provider.Start.AddDays(1));
        await SetAsync("mailbox/a", "attend", 12);

        var row = Assert.Single(await _provider.AskAsync("ReadReminderRowKey", Service, ("GrainId", "mailbox/a"), ("ReminderName", "daily")));

        Assert.NotEqual(first, second);
        Assert.Equal(("mailbox/a", "daily", Provider.Start.AddDays(1), 86_400_000L, second), (row["GrainId"], row["ReminderName"], row["StartTime"], row["Period"], row["Version"]));
        Assert.Equal(2, (await _provider.AskAsync("ReadReminderRowsKey", Service, ("GrainId", "mailbox/a"))).Count);
        Assert.Empty(await _provider.AskAsync("ReadReminderRowKey", Service, ("GrainId", "mailbox/b"), ("ReminderName", "daily")));
    }

    [PostgresFact]
    public async Task A_period_longer_than_a_month_is_kept_whole()
    {
        await _provider.AskAsync("UpsertReminderRowKey", Service, ("GrainHash", 1), ("GrainId", "g"), ("ReminderName", "yearly"), ("StartTime", Provider.Start), ("Period", 31_536_000_000L));

        Assert.Equal(31_536_000_000L, Assert.Single(await _provider.AskAsync("ReadReminderRowKey", Service, ("GrainId", "g"), ("ReminderName", "yearly")))["Period"]);
    }

    [PostgresFact]
    public async Task A_reminder_is_removed_only_as_the_version_that_was_seen()
    {
        var old = await SetAsync("g", "daily", 1);
        var now = await SetAsync("g", "daily", 1);

        Assert.Equal(false, await RemoveAsync(old));
        Assert.Equal(true, await RemoveAsync(now));
        Assert.Equal(false, await RemoveAsync(now));
        Assert.NotEqual(now, await SetAsync("g", "daily", 1)); // made anew, it is none that anybody remembers

        async Task<object?> RemoveAsync(int version) => await _provider.ValueAsync("DeleteReminderRowKey", Service, ("GrainId", "g"), ("ReminderName", "daily"), ("Version", version));
    }

    [PostgresFact]
    public async Task Any_cut_of_the_ring_gives_each_reminder_to_exactly_one_part()
    {
        var random = new Random(20260301);
        uint[] hashes = [0, 1, int.MaxValue, 1u + int.MaxValue, uint.MaxValue, .. Enumerable.Range(0, 200).Select(_ => (uint)random.NextInt64(1L << 32))];
        foreach (var (hash, number) in hashes.Select((hash, number) => (hash, number)))
            await SetAsync($"g{number}", "daily", unchecked((int)hash));
        await _provider.AskAsync("UpsertReminderRowKey", ("ServiceId", "another"), ("GrainHash", 5), ("GrainId", "foreign"), ("ReminderName", "daily"), ("StartTime", Provider.Start), ("Period", 1));

        for (var cut = 0; cut < 25; cut++)
        {
            uint[] bounds = [.. Enumerable.Range(0, 1 + (cut % 4)).Select(_ => random.Next(3) == 0 ? hashes[random.Next(hashes.Length)] : (uint)random.NextInt64(1L << 32)).Distinct().Order()];
            var seen = new List<string>();
            for (var part = 0; part < bounds.Length; part++)
            {
                var (begin, end) = (bounds[part], bounds[(part + 1) % bounds.Length]);
                var rows = await RangeAsync(begin, end);
                var expected = hashes.Select((hash, number) => (hash, number)).Where(entry => IsWithin(entry.hash, begin, end)).Select(entry => $"g{entry.number}");
                Assert.Equal(expected.Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
                seen.AddRange(rows);
            }
            Assert.Equal(hashes.Length, seen.Distinct().Count());
            Assert.Equal(hashes.Length, seen.Count);
        }
    }

    [PostgresFact]
    public async Task A_part_of_the_ring_is_found_through_the_index()
    {
        await using var connection = await _database.OpenConnectionAsync();
        await using (var fill = new NpgsqlCommand("""
            INSERT INTO reminder SELECT 'service-a', 'mailbox/' || n, 'daily', hashint4(n), now(), 86400000, 1 FROM generate_series(1, 20000) AS n;
            ANALYZE reminder
            """, connection))
            await fill.ExecuteNonQueryAsync();
        await using var plan = new NpgsqlCommand("EXPLAIN (FORMAT JSON) SELECT name FROM reminder WHERE service_id = 'service-a' AND grain_hash > 0 AND grain_hash <= 10000000", connection);

        Assert.Contains("reminder_by_hash", (string)(await plan.ExecuteScalarAsync())!, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task All_reminders_of_one_service_can_go_without_those_of_another()
    {
        await SetAsync("g", "daily", 1);
        await _provider.AskAsync("UpsertReminderRowKey", ("ServiceId", "another"), ("GrainHash", 5), ("GrainId", "g"), ("ReminderName", "daily"), ("StartTime", Provider.Start), ("Period", 1));

        await _provider.AskAsync("DeleteReminderRowsKey", Service);

        Assert.Empty(await _provider.AskAsync("ReadReminderRowsKey", Service, ("GrainId", "g")));
        Assert.Single(await _provider.AskAsync("ReadReminderRowsKey", ("ServiceId", "another"), ("GrainId", "g")));
    }

    private static (string, object?) Service => ("ServiceId", Provider.Service);

    private async Task<int> SetAsync(string grain, string name, int hash, DateTime? start = null) => (int)(await _provider.ValueAsync("UpsertReminderRowKey",
        Service, ("GrainHash", hash), ("GrainId", grain), ("ReminderName", name), ("StartTime", start ?? Provider.Start), ("Period", 86_400_000)))!;

    // The provider chooses between the two by comparing as signed numbers.
    private async Task<IEnumerable<string>> RangeAsync(uint begin, uint end)
    {
        var (first, last) = unchecked(((int)begin, (int)end));
        var rows = await _provider.AskAsync(first < last ? "ReadRangeRows1Key" : "ReadRangeRows2Key", Service, ("BeginHash", first), ("EndHash", last));
        return rows.Select(row => (string)row["GrainId"]!);
    }

    private static bool IsWithin(uint hash, uint begin, uint end) => begin < end ? hash > begin && hash <= end : hash > begin || hash <= end;
}
