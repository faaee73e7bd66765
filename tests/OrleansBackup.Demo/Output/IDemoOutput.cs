using System.Collections.Immutable;

namespace OrleansBackup.Demo.Output;

/// <summary>Where the demonstration tells its story: a terminal with bars, or plain lines for a log.</summary>
public interface IDemoOutput
{
    /// <summary>Begins a part of the story.</summary>
    void Heading(string text);

    void Line(string text);

    void Table(string title, ImmutableArray<string> columns, ImmutableArray<ImmutableArray<string>> rows);

    /// <summary>Runs work that reports how far it is.</summary>
    Task ProgressAsync(Func<IProgressBoard, Task> work);
}

/// <summary>Bars, by name. A bar appears when it is first shown.</summary>
public interface IProgressBoard
{
    void Show(string name, double done, double of, string note);
}
