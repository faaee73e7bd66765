using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;

namespace OrleansBackup.ActorRuntime.Tests.Grains;

/// <summary>Hands back and keeps what it is given, to see what is a copy.</summary>
public interface ICopyGrain : IGrainWithStringKey
{
    /// <summary>Changes the list it was given, keeps it, and returns it.</summary>
    Task<List<int>> ChangeAndReturn(List<int> list);

    Task<List<int>> Kept();

    Task<Letter> Echo(Letter letter);
    Task<Node> EchoNode(Node node);
    Task<object> EchoObject(object value);
    Task<Stamp> EchoStamp(Stamp stamp);
    Task<Sealed> EchoSealed(Sealed value);
    Task<Everything> EchoEverything(Everything everything);
    Task<IShape[]> EchoShapes(IShape[] shapes);
    Task<ReadOnlyMemory<byte>> EchoBytes(ReadOnlyMemory<byte> bytes);
    Task<ICopyGrain> Me();
    Task<string> CallBack(ICopyGrain grain);
    Task<string> Named();
    Task<int> PassesItself();
    Task Throw(string kind);
    Task<Exception> GiveException();
}

#pragma warning disable ORLEANS0004 // on purpose: a member without an id does not travel, and a test says so
[GenerateSerializer]
public sealed record Letter([property: Id(0)] string Subject, [property: Id(1)] List<string> To)
{
    /// <summary>Has no id, so it does not travel.</summary>
    public string? Private { get; set; }
}
#pragma warning restore ORLEANS0004

/// <summary>Positional parameters of a record travel without ids of their own.</summary>
[GenerateSerializer]
public sealed record Sealed(string Name, List<int> Numbers);

[GenerateSerializer]
public sealed class Node
{
    [Id(0)]
    public string Name { get; set; } = "";

    [Id(1)]
    public Node? Next { get; set; }

    [Id(2)]
    public List<Node> Others { get; set; } = [];
}

[GenerateSerializer, Immutable]
public sealed class Stamp(string text)
{
    [Id(0)]
    public string Text { get; } = text;
}

public interface IShape;

[GenerateSerializer]
public sealed class Circle : IShape
{
    [Id(0)]
    public double Radius { get; set; }
}

[GenerateSerializer]
public class Box : IShape
{
    [Id(0)]
    public List<double> Sides { get; set; } = [];
}

[GenerateSerializer]
public sealed class NamedBox : Box
{
    [Id(0)]
    public string Name { get; set; } = "";
}

public enum Colour
{
    Red,
    Green,
}

[GenerateSerializer]
public readonly record struct ResourceKey([property: Id(0)] Guid Tenant, [property: Id(1)] string Name);

[GenerateSerializer]
public sealed record Everything
{
    [Id(0)] public int Number { get; init; }
    [Id(1)] public DateTimeOffset Moment { get; init; }
    [Id(2)] public DateOnly Day { get; init; }
    [Id(3)] public TimeSpan? Span { get; init; }
    [Id(4)] public Uri? Address { get; init; }
    [Id(5)] public Colour Colour { get; init; }
    [Id(6)] public int[] Numbers { get; init; } = [];
    [Id(7)] public Dictionary<string, List<int>> Table { get; init; } = [];
    [Id(8)] public HashSet<Guid> Ids { get; init; } = [];
    [Id(9)] public ImmutableArray<string> Names { get; init; } = [];
    [Id(10)] public ImmutableDictionary<string, int> Map { get; init; } = ImmutableDictionary<string, int>.Empty;
    [Id(11)] public (int Left, List<int> Right) Pair { get; init; }
    [Id(12)] public ResourceKey Key { get; init; }
    [Id(13)] public IReadOnlyList<string> Interface { get; init; } = [];
    [Id(14)] public byte[]? Bytes { get; init; }
    [Id(15)] public Queue<int> Queue { get; init; } = [];
    [Id(16)] public Stack<int> Stack { get; init; } = [];
    [Id(17)] public SortedDictionary<string, int> Sorted { get; init; } = [];
    [Id(18)] public KeyValuePair<string, int> Entry { get; init; }
    [Id(19)] public Tuple<int, string>? Old { get; init; }
    [Id(20)] public TimeOnly Time { get; init; }
    [Id(21)] public Version? Version { get; init; }
    [Id(22)] public ImmutableList<List<int>> Lists { get; init; } = [];
}

/// <summary>Has no attribute, so it cannot be sent.</summary>
public sealed class Unsendable
{
    public int Number { get; set; }
}

/// <summary>Takes what cannot be sent. A contract of its own, since an engine may refuse such a contract as a whole.</summary>
public interface IBadTakerGrain : IGrainWithStringKey
{
    Task<string> Takes(Unsendable value);
}

/// <summary>Gives what cannot be sent.</summary>
public interface IBadGiverGrain : IGrainWithStringKey
{
    Task<Unsendable> Gives();
}

public sealed class BadGoodsGrain : Grain, IBadTakerGrain, IBadGiverGrain
{
    private static readonly Unsendable Kind = new();

    public Task<string> Takes(Unsendable value) => Task.FromResult("taken");
    public Task<Unsendable> Gives() => Task.FromResult(Kind);
}

[GenerateSerializer]
public sealed class MailboxMissingException(string mailbox) : Exception($"no mailbox {mailbox}")
{
    [Id(0)]
    public string Mailbox { get; } = mailbox;
}

public sealed class CopyGrain : Grain, ICopyGrain
{
    private List<int> _kept = [];

    public Task<List<int>> ChangeAndReturn(List<int> list)
    {
        list.Add(99);
        _kept = list;
        return Task.FromResult(_kept);
    }

    public Task<List<int>> Kept() => Task.FromResult(_kept);
    public Task<Letter> Echo(Letter letter) => Task.FromResult(letter);
    public Task<Node> EchoNode(Node node) => Task.FromResult(node);
    public Task<object> EchoObject(object value) => Task.FromResult(value);
    public Task<Stamp> EchoStamp(Stamp stamp) => Task.FromResult(stamp);
    public Task<Sealed> EchoSealed(Sealed value) => Task.FromResult(value);
    public Task<Everything> EchoEverything(Everything everything) => Task.FromResult(everything);
    public Task<IShape[]> EchoShapes(IShape[] shapes) => Task.FromResult(shapes);
    public Task<ReadOnlyMemory<byte>> EchoBytes(ReadOnlyMemory<byte> bytes) => Task.FromResult(bytes);
    public Task<ICopyGrain> Me() => Task.FromResult(this.AsReference<ICopyGrain>());
    public Task<string> CallBack(ICopyGrain grain) => grain.Named();
    public Task<string> Named() => Task.FromResult(this.GetPrimaryKeyString());
    public async Task<int> PassesItself() => (await GrainFactory.GetGrain<ICopyGrain>("other").CallBack(this)).Length;

    public async Task Throw(string kind)
    {
        await Task.Yield();
        throw kind switch
        {
            "argument" => new ArgumentOutOfRangeException(nameof(kind), 5, "too large"),
            "own" => new MailboxMissingException("a@b.example"),
            "nested" => new InvalidOperationException("outer", new MailboxMissingException("inner")),
            "cancelled" => new OperationCanceledException("enough"),
            _ => new NotSupportedException(kind),
        };
    }

    public Task<Exception> GiveException() => Task.FromResult<Exception>(new MailboxMissingException("given"));
}
