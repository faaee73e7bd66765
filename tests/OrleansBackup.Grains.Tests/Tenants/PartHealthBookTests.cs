using OrleansBackup.Domain.Results;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Tenants;
using OrleansBackup.Grains.Tests.Given;
using Xunit.Abstractions;

namespace OrleansBackup.Grains.Tests.Tenants;

public sealed class PartHealthBookTests(ITestOutputHelper output)
{
    private static readonly DateTimeOffset Noon = DateTimeOffset.Parse("2026-03-01T12:00:00Z");
    private readonly ManualClock _clock = new(Noon);

    [Fact]
    public async Task However_often_fifty_thousand_resources_report_each_part_writes_at_its_pace()
    {
        const int resources = 50_000, parts = 64, minutes = 10;
        var names = Enumerable.Range(0, resources).Select(LargeTenant.Mailbox).ToLookup(mailbox => TenantParts.Of(mailbox, parts), mailbox => mailbox.LocalName);
        var states = Enumerable.Range(0, parts).Select(_ => new CountedState<PartHealthState>()).ToArray();
        var books = states.Select(state => new PartHealthBook(new StateKeeper<PartHealthState>(state), ContractCalendar.Amsterdam, _clock)).ToArray();
        for (var tick = 0; tick < minutes * 6; tick++)
        {
            for (var number = tick % 5; number < resources; number += 5)
                books[TenantParts.Of(LargeTenant.Mailbox(number), parts)].Take(LargeTenant.Mailbox(number).LocalName, LargeTenant.Health(number, Noon));
            foreach (var (part, book) in books.Index())
                await book.WriteWhenDueAsync([.. names[part]]);
            _clock.Advance(PartHealthBook.ShortestInterval);
        }
        var (writes, bytes) = (states.Sum(state => state.Writes), states.Sum(state => state.Bytes));
        output.WriteLine($"{resources * minutes * 6 / 5} reports in {minutes} minutes: {writes} writes, {bytes / (minutes * 60)} bytes a second, rows of {bytes / writes} bytes");
        Assert.All(states, state => Assert.InRange(state.Writes, minutes, minutes * 60 / 40));
        Assert.InRange(bytes / (minutes * 60), 1, 600_000);
        Assert.InRange(bytes / writes, 1, 500_000);
    }

    [Fact]
    public async Task A_small_part_is_written_every_ten_seconds_at_most_and_not_at_all_without_a_report()
    {
        var (state, book) = Book();
        for (var second = 0; second < 60; second++)
        {
            book.Take(LargeTenant.Mailbox(1).LocalName, LargeTenant.Health(1, Noon.AddSeconds(second)));
            await book.WriteWhenDueAsync([LargeTenant.Mailbox(1).LocalName]);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.Equal(6, state.Writes);
        await book.WriteAsync([LargeTenant.Mailbox(1).LocalName]);
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.False(await book.WriteWhenDueAsync([LargeTenant.Mailbox(1).LocalName]));
        Assert.Equal(7, state.Writes);
    }

    [Fact]
    public async Task What_could_not_be_written_is_not_lost_and_does_not_cover_what_is_newer()
    {
        var (state, book) = Book();
        string[] names = [LargeTenant.Mailbox(1).LocalName];
        book.Take(LargeTenant.Mailbox(1).LocalName, LargeTenant.Health(1, Noon));
        state.Fails = true;
        await Assert.ThrowsAsync<IOException>(() => book.WriteAsync(names));
        Assert.Equal(Noon, book.Of(names[0])!.LastGoodStart);
        book.Take(LargeTenant.Mailbox(1).LocalName, LargeTenant.Health(1, Noon.AddHours(1)));
        state.Fails = false;
        await book.WriteAsync(names);
        Assert.Equal(Noon.AddHours(1), state.State.Health[names[0]].LastGoodStart);
    }

    [Fact]
    public async Task What_belongs_to_another_part_by_now_is_forgotten_here()
    {
        var (state, book) = Book();
        book.Take(LargeTenant.Mailbox(1).LocalName, LargeTenant.Health(1, Noon));
        book.Take(LargeTenant.Mailbox(2).LocalName, LargeTenant.Health(2, Noon));
        await book.WriteAsync([LargeTenant.Mailbox(2).LocalName]);
        Assert.Equal(LargeTenant.Mailbox(2).LocalName, state.State.Health.Keys.Single());
    }

    [Fact]
    public async Task What_a_run_changed_is_counted_once_however_often_it_is_told()
    {
        var (_, book) = Book();
        string[] names = [LargeTenant.Mailbox(1).LocalName];
        var health = LargeTenant.Health(1, Noon) with { Change = new ItemsChanged(5, 2, 1), LastSealedAt = Noon };
        book.Take(names[0], health);
        await book.WriteAsync(names);
        book.Take(names[0], health);
        book.Take(names[0], health with { Change = new ItemsChanged(10, 0, 0), LastSealedAt = Noon.AddHours(1) });
        await book.WriteAsync(names);
        Assert.Equal(new DayMeasure(new DateOnly(2026, 3, 1), health.LogicalBytes, health.Items, 15, 2, 1), Assert.Single(book.Measures));
    }

    [Fact]
    public async Task Changes_that_could_not_be_written_are_counted_with_the_next_write()
    {
        var (state, book) = Book();
        string[] names = [LargeTenant.Mailbox(1).LocalName];
        book.Take(names[0], LargeTenant.Health(1, Noon) with { Change = new ItemsChanged(5, 2, 1), LastSealedAt = Noon });
        state.Fails = true;
        await Assert.ThrowsAsync<IOException>(() => book.WriteAsync(names));
        state.Fails = false;
        await book.WriteAsync(names);
        Assert.Equal(5, Assert.Single(book.Measures).Added);
    }

    private (CountedState<PartHealthState> State, PartHealthBook Book) Book()
    {
        var state = new CountedState<PartHealthState>();
        return (state, new PartHealthBook(new StateKeeper<PartHealthState>(state), ContractCalendar.Amsterdam, _clock));
    }
}
