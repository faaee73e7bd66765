namespace OrleansBackup.VaultReader;

/// <summary>What was typed: a verb, where the vault is, what in it is meant, and options.</summary>
internal sealed record CommandLine(string Verb, string Store, string Key, IReadOnlyList<string> Target, IReadOnlyDictionary<string, string> Options)
{
    public const string Usage = """
        vault: reads a backup vault with nothing but its store and its key.

          vault ls     --store DIR --key FILE [TENANT [RESOURCE [POINT [PATH]]]]
          vault cat    --store DIR --key FILE TENANT RESOURCE POINT PATH [--role ROLE]
          vault verify --store DIR --key FILE [TENANT [RESOURCE]] [--structure]
          vault export --store DIR --key FILE TENANT RESOURCE POINT [PATH] --to DIR
          vault verify-deletion RECORD --public-key FILE

        POINT   a sequence number, a day (2026-03-01: the last point begun on it, UTC), or latest
        PATH    names from the top, joined by '/' (a '/' in a name is typed %2F), or id: and an item's id
        RECORD  a deletion record: the .zip as downloaded, or its record.json with record.sig and inventory.txt beside it
        --json  machine-readable output        --role  which content of an item (default: mime, or its only one)

        Ends with 0 done, 1 damage found or a record not valid, 2 not understood, 3 not found, 4 key or store cannot be used.
        """;

    public const string VerifyDeletion = "verify-deletion";
    private const string Set = "";
    private static readonly string[] Verbs = ["ls", "cat", "verify", "export", VerifyDeletion];
    private static readonly Dictionary<string, bool> Known = new(StringComparer.Ordinal)
    {
        ["store"] = true, ["key"] = true, ["role"] = true, ["to"] = true, ["public-key"] = true, ["json"] = false, ["structure"] = false,
    };

    public bool Json => Options.ContainsKey("json");

    /// <exception cref="CommandException">Not understood; says what.</exception>
    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        var (words, options) = (new List<string>(), new Dictionary<string, string>(StringComparer.Ordinal));
        for (var i = 0; i < arguments.Count; i++)
        {
            if (!arguments[i].StartsWith("--", StringComparison.Ordinal))
            {
                words.Add(arguments[i]);
                continue;
            }
            var name = arguments[i][2..];
            if (!Known.TryGetValue(name, out var hasValue))
                throw Misunderstood($"There is no option '--{name}'.");
            if (hasValue && (i + 1 == arguments.Count || arguments[i + 1].StartsWith("--", StringComparison.Ordinal)))
                throw Misunderstood($"'--{name}' needs a value.");
            options[name] = hasValue ? arguments[++i] : Set;
        }
        if (words.Count == 0 || !Verbs.Contains(words[0]))
            throw Misunderstood(words.Count == 0 ? "What shall be done?" : $"There is no command '{words[0]}'.");
        var (least, most) = words[0] switch { "ls" => (0, 4), "cat" => (4, 4), "verify" => (0, 2), VerifyDeletion => (1, 1), _ => (3, 4) };
        if (words.Count - 1 < least || words.Count - 1 > most)
            throw Misunderstood($"'{words[0]}' takes {(least == most ? $"{least}" : $"{least} to {most}")} names, not {words.Count - 1}.");
        if (words[0] == VerifyDeletion)
        {
            Needed("public-key");
            return new(words[0], "", "", words[1..], options);
        }
        return new(words[0], Needed("store"), Needed("key"), words[1..], options);

        string Needed(string option) => options.GetValueOrDefault(option) ?? throw Misunderstood($"'--{option}' is missing.");
    }

    private static CommandException Misunderstood(string what) => new(ExitCode.Usage, $"{what}\n\n{Usage}");
}
