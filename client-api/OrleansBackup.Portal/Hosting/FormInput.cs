using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;

namespace OrleansBackup.Portal.Hosting;

/// <summary>What a person sent in, and what is wrong with it. A form that is refused is shown again with all that was written.</summary>
/// <param name="Problems">By the name of the field; under an empty name what concerns the form as a whole. In the reader's language, or in the service's own words.</param>
public sealed record FormInput(ImmutableDictionary<string, string> Values, ImmutableList<FieldProblem> Problems)
{
    public static FormInput Empty { get; } = new(ImmutableDictionary<string, string>.Empty, []);

    public string this[string field] => Values.GetValueOrDefault(field, "");

    public bool HasProblems => !Problems.IsEmpty;

    public string? ProblemOf(string field) => Problems.Find(problem => problem.Field == field)?.Text;

    public FormInput With(string field, string value) => this with { Values = Values.SetItem(field, value) };

    public FormInput WithProblem(string field, string text) => this with { Problems = Problems.Add(new(field, text)) };

    /// <summary>Every field of the request once, trimmed. Of several values of one name the last counts.</summary>
    public static async Task<FormInput> ReadAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        return Empty with { Values = form.ToImmutableDictionary(field => field.Key, field => field.Value.LastOrDefault()?.Trim() ?? "") };
    }
}

/// <param name="Field">Empty: the whole form.</param>
public sealed record FieldProblem(string Field, string Text);
