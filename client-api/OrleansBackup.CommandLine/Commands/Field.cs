using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace OrleansBackup.CommandLine.Commands;

/// <summary>An option that becomes a member of a request: of its body, or of the query of its address.</summary>
/// <param name="Option">Null: nobody gives it, and what it is stays.</param>
/// <param name="Member">Names joined by dots: <c>description.nl</c> is within <c>description</c>.</param>
/// <param name="Read">Null: it was not given, and the member is left out.</param>
internal sealed record Field(Option? Option, string Member, Func<Call, CancellationToken, Task<JsonNode?>> Read)
{
    public static Field Of<T>(Option<T> option, string member, Func<T, JsonNode?> write) => new(option, member, (call, _) => Task.FromResult(call.Get(option) is { } given ? write(given) : null));

    public static Field Why { get; } = Of(Parts.Why, "why", why => why);

    /// <summary>Who at the customer said it.</summary>
    public static Field By { get; } = Text("--by", "by", "e-mail address of the contact of the customer who said so");

    public static Field Reference { get; } = Text("--reference", "reference", "where it is found: a letter, a ticket");

    public static Field Text(string name, string member, string description, string help = "TEXT") => Of(new Option<string>(name) { Description = description, HelpName = help, Required = true }, member, text => text);

    public static Field TextIfAny(string name, string member, string description, string help = "TEXT") => Of(new Option<string?>(name) { Description = description, HelpName = help }, member, text => text);

    public static Field Day(string name, string member, string description) => Text(name, member, $"{description}, such as 2026-03-14", "DAY");

    public static Field DayIfAny(string name, string member, string description) => TextIfAny(name, member, $"{description}, such as 2026-03-14", "DAY");

    public static Field Number(string name, string member, string description) => Of(new Option<int?>(name) { Description = description, HelpName = "N" }, member, number => number);

    public static Field Amount(string name, string member, string description) => Of(new Option<decimal?>(name)
    {
        Description = description, HelpName = "AMOUNT", Required = true,
        CustomParser = result =>
        {
            if (result.Tokens is [var token] && decimal.TryParse(token.Value, NumberStyles.Number, CultureInfo.InvariantCulture, out var amount))
                return amount;
            result.AddError($"{name} must be a number with a point before its cents, such as 12.50.");
            return null;
        },
    }, member, amount => amount);

    /// <summary>Said or not said.</summary>
    public static Field Flag(string name, string member, string description) => Of(new Option<bool>(name) { Description = description }, member, said => said ? true : null);

    /// <summary>Must be answered, since neither goes without saying.</summary>
    public static Field YesOrNo(string name, string member, string description)
    {
        var option = new Option<string>(name) { Description = $"{description}: yes or no", HelpName = "YES|NO", Required = true };
        option.AcceptOnlyFromAmong("yes", "no");
        return Of(option, member, answer => answer == "yes");
    }

    public static Field YesOrNoIfAny(string name, string member, string description)
    {
        var option = new Option<string?>(name) { Description = $"{description}: yes or no", HelpName = "YES|NO" };
        option.AcceptOnlyFromAmong("yes", "no");
        return Of(option, member, answer => answer == "yes");
    }

    /// <summary>What a change must send along though it cannot be changed.</summary>
    public static Field Kept(string member) => new(null, member, (_, _) => Task.FromResult<JsonNode?>(null));

    public static Field Word(string name, string member, string description, params string[] words) => Chosen(name, member, description, required: true, words);

    public static Field WordIfAny(string name, string member, string description, params string[] words) => Chosen(name, member, description, required: false, words);

    public static Field Several(string name, string member, string description, string help, bool required = false) => Of(
        new Option<string[]>(name) { Description = $"{description}; may be repeated", HelpName = help, Required = required }, member,
        values => values.Length == 0 ? null : new JsonArray([.. values.Select(value => JsonValue.Create(value))]));

    /// <summary>JSON that somebody keeps in a file, since it has too many parts for options.</summary>
    public static Field File(string name, string member, string description)
    {
        var option = new Option<string?>(name) { Description = $"{description}, as JSON; - is standard input", HelpName = "FILE" };
        return new(option, member, async (call, cancellation) => call.Get(option) is { } file ? await call.JsonOfAsync(file, cancellation) : null);
    }

    /// <summary>A text in a file that only its owner may read, since it holds a secret.</summary>
    public static Field FileText(string name, string member, string description) => Of(new Option<string?>(name) { Description = description, HelpName = "FILE" }, member, file => file is null ? null : Connecting.PrivateFile.Read(file));

    private static Field Chosen(string name, string member, string description, bool required, string[] words)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "WORD", Required = required };
        option.AcceptOnlyFromAmong(words);
        return Of(option, member, word => word);
    }
}
