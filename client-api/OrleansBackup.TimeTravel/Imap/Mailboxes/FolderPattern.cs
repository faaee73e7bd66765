namespace OrleansBackup.TimeTravel.Imap.Mailboxes;

/// <summary>Holds names of folders against a pattern of LIST: a star stands for anything, a percent sign for anything but the separator.</summary>
/// <remarks>Takes time in proportion to both lengths, whatever the pattern: it is a stranger's.</remarks>
internal static class FolderPattern
{
    public const char Separator = '/';

    public static bool Matches(string name, string pattern)
    {
        // What of the pattern can have been used up once so much of the name has been read.
        var reached = new bool[pattern.Length + 1];
        reached[0] = true;
        Pass(reached, pattern);
        foreach (var character in name)
        {
            var next = new bool[pattern.Length + 1];
            for (var at = 0; at < pattern.Length; at++)
                if (reached[at])
                    switch (pattern[at])
                    {
                        case '*':
                        case '%' when character != Separator:
                            next[at] = true;
                            break;
                        case var wanted when wanted == character:
                            next[at + 1] = true;
                            break;
                    }
            Pass(next, pattern);
            reached = next;
        }
        return reached[^1];
    }

    // A wildcard may stand for nothing.
    private static void Pass(bool[] reached, string pattern)
    {
        for (var at = 0; at < pattern.Length; at++)
            if (reached[at] && pattern[at] is '*' or '%')
                reached[at + 1] = true;
    }
}
