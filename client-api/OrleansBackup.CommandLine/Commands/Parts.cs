using System.CommandLine;
using System.CommandLine.Parsing;

namespace OrleansBackup.CommandLine.Commands;

/// <summary>Arguments and options that several commands share: the same word means the same everywhere.</summary>
internal static class Parts
{
    public static Option<string?> Server { get; } = new("--server") { Description = "address of the server", HelpName = "URL", Recursive = true };

    public static Option<string?> KeyFile { get; } = new("--key-file") { Description = "file that holds an API key; only its owner may be able to read it", HelpName = "FILE", Recursive = true };

    public static Option<bool> Json { get; } = new("--json") { Description = "print the API's JSON instead of a table", Recursive = true };

    public static Option<bool> AllowPlainHttp { get; } = new("--allow-plain-http") { Description = "send the key over http to another machine", Recursive = true };

    public static IReadOnlyList<Option> Everywhere { get; } = [Server, KeyFile, Json, AllowPlainHttp];

    public static Argument<string> Tenant { get; } = new("tenant") { Description = "directory id or exact name of a customer" };

    public static Argument<string> Resource { get; } = new("resource") { Description = "id such as mailbox-…, or an address or name, with its kind before it if need be: mailbox:anna@example.com" };

    public static Argument<string> Point { get; } = new("point") { Description = "restore point: sequence number, day such as 2026-03-14, or latest" };

    public static Argument<string> Item { get; } = new("item") { Description = "id of an item" };

    public static Argument<string> Folder { get; } = new("folder") { Description = "id of a folder, or its path with / between names" };

    public static Argument<string> Month { get; } = new("month") { Description = "such as 2026-03" };

    public static Option<int?> Limit { get; } = Least("--limit", "rows at most; without it, all there are");

    public static Option<string?> OfTenant { get; } = new("--tenant") { Description = "directory id or exact name of one customer; without it, the whole estate", HelpName = "TENANT" };

    public static Option<string?> To { get; } = new("--to") { Description = "file or folder to write to; - is standard output", HelpName = "FILE" };

    public static Option<bool> Force { get; } = new("--force") { Description = "write over a file that is there" };

    public static Option<string> Why { get; } = new("--why") { Description = "reason, for the audit record", HelpName = "TEXT", Required = true };

    public static Option<bool> Watch { get; } = new("--watch") { Description = "watch until it has ended" };

    public static Option<string> Language { get; } = OneOf("--language", "language of the document", "nl", "en");

    public static Option<string> OneOf(string name, string description, params string[] values)
    {
        var option = new Option<string>(name) { Description = description, DefaultValueFactory = _ => values[0] };
        option.AcceptOnlyFromAmong(values);
        return option;
    }

    /// <summary>One of these words, or none: then it leaves nothing out.</summary>
    public static Option<string?> OneOfOrAll(string name, string description, params string[] values)
    {
        var option = new Option<string?>(name) { Description = $"{description}; without it, all", HelpName = "WORD" };
        option.AcceptOnlyFromAmong(values);
        return option;
    }

    /// <summary>A count from 1 up.</summary>
    public static Option<int?> Least(string name, string description)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (!int.TryParse(token.Value, out var count) || count < 1))
                result.AddError($"{name} must be a number from 1 up.");
        });
        return option;
    }

    /// <summary>Any number of values, each after its own option: <c>--item A --item B</c>.</summary>
    public static Option<string[]> Several(string name, string description, string help) => new(name) { Description = description, HelpName = help };
}
