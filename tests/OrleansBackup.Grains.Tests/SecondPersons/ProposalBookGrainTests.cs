using Microsoft.Extensions.Logging.Abstractions;
using OrleansBackup.Domain.Access;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Access;
using OrleansBackup.Grains.Access;
using OrleansBackup.Grains.Tests.Given;

namespace OrleansBackup.Grains.Tests.SecondPersons;

/// <summary>The book of what waits for a second person: what it hands out, to whom, how often and how long.</summary>
public sealed class ProposalBookGrainTests
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly CountedState<ProposalBookState> _stored = new();
    private readonly ManualClock _clock = new(Noon);
    private readonly ProposalBookGrain _book;

    public ProposalBookGrainTests() => _book = new ProposalBookGrain(_stored, _clock, NullLogger<ProposalBookGrain>.Instance);

    [Fact]
    public async Task A_second_person_who_asks_for_the_same_takes_it_once()
    {
        var proposal = await _book.Propose(Order("kim"), Never);
        Assert.Equal((Noon, Noon.AddDays(7)), (proposal.At, proposal.LapsesAt));
        Assert.Equal(proposal, await _book.Take(proposal.Id, "content", "sam", Never));
        await Assert.ThrowsAsync<NotFoundException>(() => _book.Take(proposal.Id, "content", "sam", Never));
        Assert.Empty(await _book.List(Never));
    }

    [Fact]
    public async Task What_was_refused_before_anything_was_done_waits_again_and_lapses_when_it_would_have()
    {
        var proposal = await _book.Propose(Order("kim"), Never);
        _clock.Advance(TimeSpan.FromDays(6));
        var taken = await _book.Take(proposal.Id, "content", "sam", Never);
        await _book.Return(taken, Never);
        await _book.Return(taken, Never); // safe to repeat
        Assert.Equal(proposal, Assert.Single(await _book.List(Never)));
        Assert.Equal(proposal, await _book.Take(proposal.Id, "content", "sam", Never));
        await _book.Return(taken, Never);
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.Empty(await _book.List(Never));
        await Assert.ThrowsAsync<NotFoundException>(() => _book.Take(proposal.Id, "content", "sam", Never));
    }

    [Fact]
    public async Task Who_is_not_known_is_neither_the_one_nor_the_other()
    {
        var proposal = await _book.Propose(Order("kim"), Never);
        foreach (var nobody in new[] { Person.FirstKey, Person.Unnamed("sam") })
        {
            await Assert.ThrowsAsync<NotPossibleNowException>(() => _book.Propose(Order(nobody), Never));
            await Assert.ThrowsAsync<NotPossibleNowException>(() => _book.Take(proposal.Id, "content", nobody, Never));
        }
        // Proposed in an earlier release, which took the first key for a person.
        _stored.State = _stored.State with { Waiting = [proposal with { Order = Order(Person.FirstKey) }] };
        await Assert.ThrowsAsync<NotPossibleNowException>(() => _book.Take(proposal.Id, "content", "sam", Never));
    }

    [Fact]
    public async Task Who_proposed_it_is_no_second_person_and_another_act_is_not_what_was_proposed()
    {
        var proposal = await _book.Propose(Order("kim"), Never);
        await Assert.ThrowsAsync<NotPossibleNowException>(() => _book.Take(proposal.Id, "content", "kim", Never));
        await Assert.ThrowsAsync<NotPossibleNowException>(() => _book.Take(proposal.Id, "Content", "sam", Never));
        await Assert.ThrowsAsync<NotFoundException>(() => _book.Take(Guid.NewGuid(), "content", "sam", Never));
        Assert.Equal(proposal, Assert.Single(await _book.List(Never))); // it still waits
    }

    [Fact]
    public async Task It_lapses_on_the_seventh_day_to_the_second()
    {
        var proposal = await _book.Propose(Order("kim"), Never);
        _clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        Assert.Single(await _book.List(Never));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(await _book.List(Never));
        await Assert.ThrowsAsync<NotFoundException>(() => _book.Take(proposal.Id, "content", "sam", Never));
        Assert.NotEqual(proposal.Id, (await _book.Propose(Order("kim"), Never)).Id);
    }

    [Fact]
    public async Task What_was_dropped_is_gone_for_everybody()
    {
        var proposal = await _book.Propose(Order("kim"), Never);
        await _book.Drop(proposal.Id, Never);
        await _book.Drop(proposal.Id, Never);
        await Assert.ThrowsAsync<NotFoundException>(() => _book.Take(proposal.Id, "content", "sam", Never));
    }

    [Fact]
    public async Task Repeating_makes_no_second_one_and_two_persons_have_one_each()
    {
        var first = await _book.Propose(Order("kim"), Never);
        Assert.Equal(first, await _book.Propose(Order("kim"), Never));
        var other = await _book.Propose(Order("sam"), Never);
        Assert.NotEqual(first.Id, other.Id);
        await _book.Take(other.Id, "content", "kim", Never); // each may confirm the other's
        Assert.Equal(first, Assert.Single(await _book.List(Never)));
    }

    [Fact]
    public async Task The_book_is_bounded_and_what_lapsed_makes_room()
    {
        for (var at = 0; at < 100; at++)
            await _book.Propose(Order("kim", $"content {at}"), Never);
        await Assert.ThrowsAsync<NotPossibleNowException>(() => _book.Propose(Order("kim", "one more"), Never));
        _clock.Advance(TimeSpan.FromDays(7));
        await _book.Propose(Order("kim", "one more"), Never);
        Assert.Single(_stored.State.Waiting);
    }

    [Fact]
    public async Task What_could_not_be_stored_was_neither_proposed_nor_taken()
    {
        var proposal = await _book.Propose(Order("kim"), Never);
        _stored.Fails = true;
        await Assert.ThrowsAsync<IOException>(() => _book.Take(proposal.Id, "content", "sam", Never));
        await Assert.ThrowsAsync<IOException>(() => _book.Propose(Order("kim", "another"), Never));
        _stored.Fails = false;
        Assert.Equal(proposal, Assert.Single(await _book.List(Never)));
        Assert.Equal(proposal, await _book.Take(proposal.Id, "content", "sam", Never));
    }

    private static ProposalOrder Order(string person, string content = "content") => new("tenant.destroy", "/api/v1/tenants/x/destruction", content, "{}", $"{person}-key", person);
}
