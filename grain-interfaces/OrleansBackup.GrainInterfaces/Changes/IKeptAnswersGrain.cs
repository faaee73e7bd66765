using System.Security.Cryptography;
using System.Text;
using Orleans;

namespace OrleansBackup.GrainInterfaces.Changes;

/// <summary>What was answered to requests that came with an Idempotency-Key, so that the same request is never carried out twice.</summary>
/// <remarks>Key: <see cref="KeptAnswers.KeyOf"/>. What a call has answered is durable. Each entry is kept for <see cref="KeptAnswers.KeptFor"/>.</remarks>
[Alias("kept-answers")]
public interface IKeptAnswersGrain : IGrainWithStringKey
{
    /// <summary>Asks whether a request may be carried out now, and notes that it is.</summary>
    /// <param name="name">Of the key: <see cref="KeptAnswers.NameOf"/>.</param>
    /// <param name="requestHash">SHA-256 of everything that makes the request this request.</param>
    [Alias("begin")]
    Task<KeptAnswerStanding> Begin(string name, string requestHash, CancellationToken cancellation);

    /// <summary>Keeps the answer. Without <see cref="Begin"/> before it, nothing is kept.</summary>
    [Alias("complete")]
    Task Complete(string name, KeptAnswer answer, CancellationToken cancellation);

    /// <summary>Nothing was done: the key is free again.</summary>
    [Alias("abandon")]
    Task Abandon(string name, CancellationToken cancellation);
}

/// <summary>How a request with a key stands.</summary>
public enum KeptAnswerState
{
    /// <summary>It is carried out now, by who asked.</summary>
    Begun,

    /// <summary>It was carried out, and this is the answer.</summary>
    Answered,

    /// <summary>The key came with another request.</summary>
    OtherRequest,

    /// <summary>It is under way, or broke off and nobody knows whether it happened.</summary>
    Unsettled,

    /// <summary>As many keys are kept as may be. Nothing was noted.</summary>
    Full,
}

/// <summary>How a request with a key stands, with the answer where there is one.</summary>
[GenerateSerializer, Immutable, Alias("kept-answer-standing")]
public sealed record KeptAnswerStanding([property: Id(0)] KeptAnswerState State, [property: Id(1)] KeptAnswer? Answer);

/// <summary>An answer as it is given again.</summary>
/// <param name="Body">Null: it was not kept, because it held a secret that is shown once or was too large.</param>
[GenerateSerializer, Immutable, Alias("kept-answer")]
public sealed record KeptAnswer([property: Id(0)] int Status, [property: Id(1)] string? ContentType, [property: Id(2)] string? Location, [property: Id(3)] string? Body);

/// <summary>Bounds of what is kept, and how its keys are written.</summary>
public static class KeptAnswers
{
    /// <summary>Books of one caller: answers are spread over them, so that each stays small.</summary>
    private const int Books = 16;

    public static readonly TimeSpan KeptFor = TimeSpan.FromHours(24);

    /// <summary>Entries in one book.</summary>
    public const int MostEntries = 512;

    /// <summary>A larger answer is not kept; that it was given is.</summary>
    public const int MostCharacters = 64 * 1024;

    /// <summary>All answers of one book together.</summary>
    public const int MostCharactersOfBook = 2 * 1024 * 1024;

    /// <summary>Which book holds the key of a caller.</summary>
    public static string KeyOf(string caller, string key) => $"{Hash(caller)[..32]}/{Convert.FromHexString(Hash(key))[0] % Books}";

    /// <summary>What the key is called in its book: its hash, because nobody knows what callers put into keys.</summary>
    public static string NameOf(string key) => Hash(key);

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
