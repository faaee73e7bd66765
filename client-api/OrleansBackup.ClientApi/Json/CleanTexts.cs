using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using OrleansBackup.ClientApi.Problems;

namespace OrleansBackup.ClientApi.Json;

/// <summary>No text of a request holds a control character: none of them means anything in a name or a reason, and NUL cannot be kept by every database.</summary>
/// <remarks>
/// Refused rather than left out: what is kept would not be what was sent, and two names that look alike would be two names. Tabulators and ends of lines
/// are of texts that people write; where a text stands on one line its own rule refuses those too. A filter and not a converter of JSON: with a converter of
/// their own, texts would be described as anything.
/// </remarks>
internal static class CleanTexts
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Members = new();

    public static TBuilder WithCleanTexts<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder => routes.AddEndpointFilter((context, next) =>
    {
        if (context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType is { } body
            && context.Arguments.FirstOrDefault(body.IsInstanceOfType) is { } given && FieldWithControlCharacter(given, "") is { } field)
            throw new ProblemException(Problem.InvalidField(field, $"'{field}' holds a control character, such as NUL, or half a character; only tabulators and ends of lines may stand in a text besides what can be read."));
        return next(context);
    });

    /// <returns>Null: all texts are clean.</returns>
    private static string? FieldWithControlCharacter(object? value, string path) => value switch
    {
        null => null,
        string text => IsClean(text) ? null : path,
        JsonElement json => InJson(json, path),
        IDictionary map => map.Keys.Cast<object>().Select(key => FieldWithControlCharacter(key, path) ?? FieldWithControlCharacter(map[key], $"{path}.{key}")).FirstOrDefault(found => found is not null),
        IEnumerable many => IsAbsent(many) ? null : many.Cast<object?>().Select((one, at) => FieldWithControlCharacter(one, $"{path}[{at}]")).FirstOrDefault(found => found is not null),
        _ when value.GetType().Namespace?.StartsWith(nameof(OrleansBackup), StringComparison.Ordinal) == true => MembersOf(value.GetType())
            .Select(member => FieldWithControlCharacter(member.GetValue(value), path.Length == 0 ? NameOf(member) : $"{path}.{NameOf(member)}")).FirstOrDefault(found => found is not null),
        _ => null,
    };

    private static string? InJson(JsonElement json, string path) => json.ValueKind switch
    {
        JsonValueKind.String => IsClean(json.GetString) ? null : path,
        JsonValueKind.Array => json.EnumerateArray().Select(one => InJson(one, path)).FirstOrDefault(found => found is not null),
        JsonValueKind.Object => json.EnumerateObject().Select(member => IsClean(() => member.Name) ? InJson(member.Value, path) : path).FirstOrDefault(found => found is not null),
        _ => null,
    };

    // An ImmutableArray that nobody gave cannot be enumerated.
    private static bool IsAbsent(IEnumerable many) => many.GetType() is { IsValueType: true } type && type.GetProperty("IsDefault")?.GetValue(many) is true;

    private static PropertyInfo[] MembersOf(Type type) => Members.GetOrAdd(type, static one =>
        [.. one.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(member => member.GetIndexParameters().Length == 0 && !member.PropertyType.IsPrimitive && !member.PropertyType.IsEnum)]);

    private static string NameOf(MemberInfo member) => JsonNamingPolicy.CamelCase.ConvertName(member.Name);

    // Of JSON that is kept as it came nobody has read the texts yet: half a character shows here.
    private static bool IsClean(Func<string?> read)
    {
        try
        {
            return read() is { } text && IsClean(text);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static bool IsClean(string text) => !text.Any(character => char.IsControl(character) && character is not ('\t' or '\n' or '\r'));
}
