using System.Collections.Immutable;
using OrleansBackup.ActorRuntime.Tests.Fixtures;
using OrleansBackup.ActorRuntime.Tests.Grains;

namespace OrleansBackup.ActorRuntime.Tests;

/// <summary>Arguments and results are copies unless immutable, and what cannot be sent says so at the first call.</summary>
public sealed class CopyTests
{
    [Fact]
    public async Task Changing_what_was_passed_or_returned_changes_nothing_on_the_other_side()
    {
        await using var given = await Given.ASilo();
        var grain = given.Client.GetGrain<ICopyGrain>("a");
        List<int> mine = [1];

        var returned = await grain.ChangeAndReturn(mine);
        Assert.Equal([1], mine);
        Assert.Equal([1, 99], returned);

        mine.Add(2);
        returned.Add(3);
        Assert.Equal([1, 99], await grain.Kept());
    }

    [Fact]
    public async Task A_record_travels_by_its_ids()
    {
        await using var given = await Given.ASilo();
        var letter = new Letter("hello", ["a"]) { Private = "mine" };
        var copy = await given.Client.GetGrain<ICopyGrain>("a").Echo(letter);
        Assert.Equal("hello", copy.Subject);
        Assert.Equal(["a"], copy.To);
        Assert.NotSame(letter.To, copy.To);
        Assert.Null(copy.Private);
    }

    [Fact]
    public async Task A_records_positional_parameters_travel_without_ids()
    {
        await using var given = await Given.ASilo();
        var value = new Sealed("n", [1, 2]);
        var copy = await given.Client.GetGrain<ICopyGrain>("a").EchoSealed(value);
        Assert.Equal("n", copy.Name);
        Assert.Equal([1, 2], copy.Numbers);
        Assert.NotSame(value.Numbers, copy.Numbers);
    }

    [Fact]
    public async Task Circles_close_and_one_object_stays_one()
    {
        await using var given = await Given.ASilo();
        var first = new Node { Name = "first" };
        var second = new Node { Name = "second", Next = first, Others = [first, first] };
        first.Next = second;
        for (var i = 0; i < 20; i++)
            second.Others.Add(new Node { Name = $"{i}", Next = first });

        var copy = await given.Client.GetGrain<ICopyGrain>("a").EchoNode(first);

        Assert.NotSame(first, copy);
        Assert.Same(copy, copy.Next!.Next);
        Assert.All(copy.Next.Others[..2], other => Assert.Same(copy, other));
        Assert.All(copy.Next.Others[2..], other => Assert.Same(copy, other.Next));
        Assert.Equal("19", copy.Next.Others[^1].Name);
    }

    [Fact]
    public async Task What_only_the_value_knows_is_copied_as_its_own_type()
    {
        await using var given = await Given.ASilo();
        var box = new NamedBox { Name = "big", Sides = [1, 2] };
        var copies = await given.Client.GetGrain<ICopyGrain>("a").EchoShapes([new Circle { Radius = 2 }, box]);
        Assert.Equal(2, Assert.IsType<Circle>(copies[0]).Radius);
        var copy = Assert.IsType<NamedBox>(copies[1]);
        Assert.Equal("big", copy.Name);
        Assert.Equal([1, 2], copy.Sides);
        Assert.NotSame(box.Sides, copy.Sides);
    }

    [Fact]
    public async Task Every_built_in_type_arrives_as_it_was()
    {
        await using var given = await Given.ASilo();
        var sent = new Everything
        {
            Number = 1, Moment = new DateTimeOffset(2026, 3, 1, 2, 3, 4, TimeSpan.FromHours(1)), Day = new DateOnly(2026, 3, 1),
            Span = TimeSpan.FromSeconds(3), Address = new Uri("https://example.org/a"), Colour = Colour.Green, Numbers = [1, 2],
            Table = new() { ["a"] = [1] }, Ids = [Guid.Empty], Names = ["x"], Map = ImmutableDictionary<string, int>.Empty.Add("k", 1),
            Pair = (1, [2]), Key = new ResourceKey(Guid.Empty, "n"), Interface = new List<string> { "i" }, Bytes = [1, 2, 3],
            Queue = new Queue<int>([1, 2]), Stack = new Stack<int>([1, 2]), Sorted = new() { ["s"] = 1 }, Entry = new("e", 1),
            Old = Tuple.Create(1, "t"), Time = new TimeOnly(1, 2), Version = new Version(1, 2), Lists = [[1]],
        };

        var got = await given.Client.GetGrain<ICopyGrain>("a").EchoEverything(sent);

        Assert.Equivalent(sent, got, strict: true);
        Assert.Equal(sent.Stack, got.Stack);
        Assert.NotSame(sent.Numbers, got.Numbers);
        Assert.NotSame(sent.Table["a"], got.Table["a"]);
        Assert.NotSame(sent.Pair.Right, got.Pair.Right);
        Assert.NotSame(sent.Bytes, got.Bytes);
        Assert.NotSame(sent.Lists[0], got.Lists[0]);
    }

    [Fact]
    public async Task Bytes_are_copied_too()
    {
        await using var given = await Given.ASilo();
        byte[] mine = [1, 2, 3];
        var copy = await given.Client.GetGrain<ICopyGrain>("a").EchoBytes(mine.AsMemory(1));
        mine[1] = 9;
        Assert.Equal([2, 3], copy.ToArray());
    }

    [Fact]
    public async Task An_immutable_value_arrives_whole()
    {
        await using var given = await Given.ASilo();
        Assert.Equal("text", (await given.Client.GetGrain<ICopyGrain>("a").EchoStamp(new Stamp("text"))).Text);
    }

    [Fact]
    public async Task What_cannot_be_sent_fails_at_the_call_with_its_name()
    {
        await using var given = await Given.ASilo();
        var grain = given.Client.GetGrain<ICopyGrain>("a");
        var asArgument = await Assert.ThrowsAnyAsync<Exception>(() => given.Client.GetGrain<IBadTakerGrain>("a").Takes(new Unsendable()));
        Assert.Contains(nameof(Unsendable), asArgument.Message, StringComparison.Ordinal);
        var asResult = await Assert.ThrowsAnyAsync<Exception>(() => given.Client.GetGrain<IBadGiverGrain>("a").Gives());
        Assert.Contains(nameof(Unsendable), asResult.Message, StringComparison.Ordinal);
        var hidden = await Assert.ThrowsAnyAsync<Exception>(() => grain.EchoObject(new List<object> { new Unsendable() }));
        Assert.Contains(nameof(Unsendable), hidden.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task References_travel_and_work_on_the_other_side()
    {
        await using var given = await Given.ASilo();
        var me = await given.Client.GetGrain<ICopyGrain>("me").Me();
        Assert.Equal("me", await given.Client.GetGrain<ICopyGrain>("other").CallBack(me));
    }

    [Fact]
    public async Task Exceptions_arrive_as_themselves()
    {
        await using var given = await Given.ASilo();
        var grain = given.Client.GetGrain<ICopyGrain>("a");

        var argument = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => grain.Throw("argument"));
        Assert.Contains("too large", argument.Message, StringComparison.Ordinal);
        var own = await Assert.ThrowsAsync<MailboxMissingException>(() => grain.Throw("own"));
        Assert.Equal("a@b.example", own.Mailbox);
        Assert.Equal("no mailbox a@b.example", own.Message);
        var nested = await Assert.ThrowsAsync<InvalidOperationException>(() => grain.Throw("nested"));
        Assert.IsType<MailboxMissingException>(nested.InnerException);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => grain.Throw("cancelled"));
    }

    [Fact]
    public async Task An_exceptions_trace_names_the_grains_method()
    {
        await using var given = await Given.ASilo();
        var own = await Assert.ThrowsAsync<MailboxMissingException>(() => given.Client.GetGrain<ICopyGrain>("a").Throw("own"));
        Assert.Contains($"{nameof(CopyGrain)}.{nameof(CopyGrain.Throw)}", own.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exception_can_be_a_result()
    {
        await using var given = await Given.ASilo();
        Assert.Equal("given", Assert.IsType<MailboxMissingException>(await given.Client.GetGrain<ICopyGrain>("a").GiveException()).Mailbox);
    }
}
