using Npgsql;

namespace OrleansBackup.PostgresSchema.Tests;

/// <summary>The list of silos: every change stands on the version that its writer has seen, so of two at once one is told to look again.</summary>
public sealed class MembershipQueryTests(OneServer one) : IClassFixture<OneServer>, IAsyncLifetime
{
    private const int Active = 3, Dead = 6;
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
    public async Task Every_query_that_the_providers_ask_for_is_there_and_no_other() => Assert.Equal(
    [
        "CleanupDefunctSiloEntriesKey", "ClearStorageKey", "DeleteMembershipTableEntriesKey", "DeleteReminderRowKey", "DeleteReminderRowsKey", "DeleteStorageKey", "GatewaysQueryKey",
        "InsertMembershipKey", "InsertMembershipVersionKey", "MembershipReadAllKey", "MembershipReadRowKey", "ReadFromStorageKey", "ReadRangeRows1Key", "ReadRangeRows2Key",
        "ReadReminderRowKey", "ReadReminderRowsKey", "UpdateIAmAlivetimeKey", "UpdateMembershipKey", "UpsertReminderRowKey", "WriteToStorageKey",
    ], await _provider.KeysAsync());

    [PostgresFact]
    public async Task A_list_is_made_once_and_tells_its_version_also_when_it_is_empty()
    {
        Assert.Equal(true, await _provider.ValueAsync("InsertMembershipVersionKey", Id));
        Assert.Equal(false, await _provider.ValueAsync("InsertMembershipVersionKey", Id));

        var row = Assert.Single(await _provider.AskAsync("MembershipReadAllKey", Id));

        Assert.Equal(0, row["Version"]);
        Assert.Null(row["StartTime"]);
    }

    [PostgresFact]
    public async Task A_silo_that_joins_is_read_back_as_it_was_written()
    {
        await _provider.AskAsync("InsertMembershipVersionKey", Id);
        Assert.True(await AddAsync("10.0.0.7", 11111, version: 0));

        var row = Assert.Single(await _provider.AskAsync("MembershipReadRowKey", Id, ("Address", "10.0.0.7"), ("Port", 11111), ("Generation", 5)));

        Assert.Equal(
            ["10.0.0.7", 11111, 5, "name-10.0.0.7", "host", Active, 30000, null, Provider.Start, Provider.Start.AddMinutes(1), 1],
            new[] { "Address", "Port", "Generation", "SiloName", "HostName", "Status", "ProxyPort", "SuspectTimes", "StartTime", "IAmAliveTime", "Version" }.Select(column => row[column]));
        Assert.Equal(row, Assert.Single(await _provider.AskAsync("MembershipReadAllKey", Id)));
        Assert.Null(Assert.Single(await _provider.AskAsync("MembershipReadRowKey", Id, ("Address", "10.0.0.8"), ("Port", 11111), ("Generation", 5)))["StartTime"]);
    }

    [PostgresFact]
    public async Task A_change_that_stands_on_an_old_version_is_refused_and_changes_nothing()
    {
        await _provider.AskAsync("InsertMembershipVersionKey", Id);
        Assert.True(await AddAsync("10.0.0.1", 1, version: 0));
        Assert.False(await AddAsync("10.0.0.2", 1, version: 0));
        Assert.False(await AddAsync("10.0.0.1", 1, version: 1)); // there already
        Assert.False(await SetAsync("10.0.0.1", Dead, version: 0));
        Assert.False(await SetAsync("10.0.0.9", Dead, version: 1)); // not there

        var row = Assert.Single(await _provider.AskAsync("MembershipReadAllKey", Id));

        Assert.Equal((1, Active), (row["Version"], row["Status"]));
        Assert.True(await SetAsync("10.0.0.1", Dead, version: 1));
        row = Assert.Single(await _provider.AskAsync("MembershipReadAllKey", Id));
        Assert.Equal((2, Dead, "10.0.0.2:1@3,time"), (row["Version"], row["Status"], row["SuspectTimes"]));
    }

    [PostgresFact]
    public async Task Of_many_silos_that_join_on_one_version_exactly_one_is_let_in()
    {
        await _provider.AskAsync("InsertMembershipVersionKey", Id);

        var joined = await Task.WhenAll(Enumerable.Range(1, 16).Select(number => AddAsync($"10.0.1.{number}", 1, version: 0)));

        Assert.Single(joined, true);
        Assert.Equal(1, Assert.Single(await _provider.AskAsync("MembershipReadAllKey", Id))["Version"]);
    }

    [PostgresFact]
    public async Task A_sign_of_life_does_not_change_the_version()
    {
        await _provider.AskAsync("InsertMembershipVersionKey", Id);
        await AddAsync("10.0.0.1", 1, version: 0);

        await _provider.AskAsync("UpdateIAmAlivetimeKey", Id, ("Address", "10.0.0.1"), ("Port", 1), ("Generation", 5), ("IAmAliveTime", Provider.Start.AddHours(1)));

        var row = Assert.Single(await _provider.AskAsync("MembershipReadAllKey", Id));
        Assert.Equal((1, Provider.Start.AddHours(1)), (row["Version"], row["IAmAliveTime"]));
    }

    [PostgresFact]
    public async Task Gateways_are_those_of_silos_that_are_active_and_have_one()
    {
        await _provider.AskAsync("InsertMembershipVersionKey", Id);
        await AddAsync("10.0.0.1", 1, version: 0);
        await AddAsync("10.0.0.2", 1, version: 1, gateway: 0);
        await AddAsync("10.0.0.3", 1, version: 2);
        await SetAsync("10.0.0.3", Dead, version: 3);

        var row = Assert.Single(await _provider.AskAsync("GatewaysQueryKey", Id, ("Status", Active)));

        Assert.Equal(("10.0.0.1", 30000, 5), (row["Address"], row["ProxyPort"], row["Generation"]));
    }

    [PostgresFact]
    public async Task Only_silos_long_dead_are_forgotten_and_a_list_goes_as_a_whole()
    {
        await _provider.AskAsync("InsertMembershipVersionKey", Id);
        await AddAsync("10.0.0.1", 1, version: 0);
        await AddAsync("10.0.0.2", 1, version: 1);
        await SetAsync("10.0.0.2", Dead, version: 2);

        await _provider.AskAsync("CleanupDefunctSiloEntriesKey", Id, ("IAmAliveTime", Provider.Start));
        Assert.Equal(2, (await _provider.AskAsync("MembershipReadAllKey", Id)).Count);
        await _provider.AskAsync("CleanupDefunctSiloEntriesKey", Id, ("IAmAliveTime", Provider.Start.AddDays(1)));
        Assert.Equal("10.0.0.1", Assert.Single(await _provider.AskAsync("MembershipReadAllKey", Id))["Address"]);

        await _provider.AskAsync("DeleteMembershipTableEntriesKey", Id);
        Assert.Empty(await _provider.AskAsync("MembershipReadAllKey", Id));
    }

    private static (string, object?) Id => ("DeploymentId", Provider.Cluster);

    private async Task<bool> AddAsync(string address, int port, int version, int gateway = 30000) => (bool)(await _provider.ValueAsync("InsertMembershipKey",
        Id, ("IAmAliveTime", Provider.Start.AddMinutes(1)), ("SiloName", $"name-{address}"), ("HostName", "host"), ("Address", address), ("Port", port), ("Generation", 5),
        ("StartTime", Provider.Start), ("Status", Active), ("ProxyPort", gateway), ("Version", version)))!;

    private async Task<bool> SetAsync(string address, int status, int version) => (bool)(await _provider.ValueAsync("UpdateMembershipKey",
        Id, ("Address", address), ("Port", 1), ("Generation", 5), ("IAmAliveTime", Provider.Start.AddMinutes(2)), ("Status", status), ("SuspectTimes", "10.0.0.2:1@3,time"), ("Version", version)))!;
}
