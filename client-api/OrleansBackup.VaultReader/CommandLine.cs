namespace OrleansBackup.VaultReader;

/// <summary>What was typed: a verb, what in the vault is meant, and options; among them where the vault and its key are.</summary>
internal sealed record CommandLine(string Verb, IReadOnlyList<string> Target, IReadOnlyDictionary<string, string> Options)
{
    public const string Usage = """
        vault: reads a backup vault with nothing but its store and its key.

          vault ls     STORE KEY [TENANT [RESOURCE [POINT [PATH]]]]
          vault cat    STORE KEY TENANT RESOURCE POINT PATH [--role ROLE]
          vault verify STORE KEY [TENANT [RESOURCE]] [--structure]
          vault export STORE KEY TENANT RESOURCE POINT [PATH] --to DIR
          vault verify-deletion RECORD --public-key FILE
          vault verify-export DIR --public-key FILE
          vault audit verify FILE --public-key FILE [--earlier FILE]
          vault rehearsal verify FILE --public-key FILE [--inventory FILE] [--earlier FILE]

        STORE   one of:
          --store DIR                a folder
          --azure-url URL            a container, https://ACCOUNT.blob.core.windows.net/CONTAINER, with the Microsoft Entra sign-in of this machine
          --azure-container NAME     a container, with the account's connection string from --azure-connection-string-file FILE
                                     or the variable VAULT_AZURE_CONNECTION_STRING
          --s3-bucket NAME           a bucket, [--s3-endpoint URL] [--s3-region REGION] [--s3-host-style], with the access key from
                                     --s3-credentials-file FILE (two lines: id, secret) or from where AWS tools take it
        KEY     --key FILE, the key file; or --key-vault URL, https://VAULT.vault.azure.net/keys/NAME, with the Entra sign-in
        POINT   a sequence number, a day (2026-03-01: the last point begun on it, UTC), or latest
        PATH    names from the top, joined by '/' (a '/' in a name is typed %2F), or id: and an item's id
        RECORD  a deletion record: the .zip as downloaded, or its record.json with record.sig and inventory.txt beside it
        FILE    an audit book or a rehearsal's record as it was exported; --earlier: the one of before
        --json  machine-readable output        --role  which content of an item (default: mime, or its only one)

        Ends with 0 done, 1 damage found or a record not valid, 2 not understood, 3 not found, 4 key or store cannot be used.
        """;

    public const string VerifyDeletion = "verify-deletion", VerifyExport = "verify-export", Audit = "audit", Rehearsal = "rehearsal";
    private const string Set = "";
    private static readonly string[] Verbs = ["ls", "cat", "verify", "export", VerifyDeletion, VerifyExport, Audit, Rehearsal];
    private static readonly string[] WithValue = [.. StoreAccess.WithValue, "role", "to", "public-key", "earlier", "inventory"];
    private static readonly string[] WithoutValue = [.. StoreAccess.WithoutValue, "json", "structure"];

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
            var hasValue = WithValue.Contains(name);
            if (!hasValue && !WithoutValue.Contains(name))
                throw Misunderstood($"There is no option '--{name}'.");
            if (hasValue && (i + 1 == arguments.Count || arguments[i + 1].Length == 0 || arguments[i + 1].StartsWith("--", StringComparison.Ordinal)))
                throw Misunderstood($"'--{name}' needs a value.");
            options[name] = hasValue ? arguments[++i] : Set;
        }
        if (words.Count == 0 || !Verbs.Contains(words[0]))
            throw Misunderstood(words.Count == 0 ? "What shall be done?" : $"There is no command '{words[0]}'.");
        var (least, most) = words[0] switch { "ls" => (0, 4), "cat" => (4, 4), "verify" => (0, 2), VerifyDeletion or VerifyExport => (1, 1), Audit or Rehearsal => (2, 2), _ => (3, 4) };
        if (words.Count - 1 < least || words.Count - 1 > most)
            throw Misunderstood($"'{words[0]}' takes {(least == most ? $"{least}" : $"{least} to {most}")} names, not {words.Count - 1}.");
        if (words[0] is Audit or Rehearsal && words[1] != "verify")
            throw Misunderstood($"'{words[0]}' can only be followed by 'verify'.");
        if (words[0] is VerifyDeletion or VerifyExport or Audit or Rehearsal)
        {
            Needed("public-key");
            return new(words[0], words[1..], options);
        }
        Needed(StoreAccess.Stores);
        Needed(StoreAccess.Keys);
        return new(words[0], words[1..], options);

        void Needed(params string[] oneOf)
        {
            var given = oneOf.Where(options.ContainsKey).Select(name => $"'--{name}'").ToArray();
            if (given.Length != 1)
                throw Misunderstood(given.Length > 1 ? $"{string.Join(" and ", given)} do not go together." : $"{string.Join(" or ", oneOf.Select(name => $"'--{name}'"))} is missing.");
        }
    }

    private static CommandException Misunderstood(string what) => new(ExitCode.Usage, $"{what}\n\n{Usage}");
}
